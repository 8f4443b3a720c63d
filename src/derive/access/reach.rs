//! What a principal can change in the end: by itself, and through the services it can run or rewrite.

use std::collections::BTreeSet;

use crate::derive::access::{Access, Grant, Principal};
use crate::model::{DataClass, Model, ServiceId};

/// What an action on a service gives power over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Control {
    /// Makes it do what it does.
    Run,
    /// Makes it do anything: its code, its configuration, or a shell on it.
    Rewrite,
}

/// Actions that lend a principal the rights of the service they act on.
const CONTROLS: &[(&str, Control)] = &[
    ("autoscaling:UpdateAutoScalingGroup", Control::Rewrite),
    ("batch:RegisterJobDefinition", Control::Rewrite),
    ("batch:SubmitJob", Control::Run),
    ("ecs:RunTask", Control::Run),
    ("ecs:UpdateService", Control::Rewrite),
    ("glue:StartJobRun", Control::Run),
    ("glue:UpdateJob", Control::Rewrite),
    ("lambda:InvokeFunction", Control::Run),
    ("lambda:InvokeFunctionUrl", Control::Run),
    ("lambda:UpdateFunctionCode", Control::Rewrite),
    ("lambda:UpdateFunctionConfiguration", Control::Rewrite),
    ("scheduler:CreateSchedule", Control::Rewrite),
    ("scheduler:UpdateSchedule", Control::Rewrite),
    ("ssm:SendCommand", Control::Rewrite),
    ("ssm:StartSession", Control::Rewrite),
    ("states:StartExecution", Control::Run),
    ("states:StartSyncExecution", Control::Run),
    ("states:UpdateStateMachine", Control::Rewrite),
];

/// The power a grant gives over the service it acts on.
pub fn control_of(grant: &Grant) -> Option<Control> {
    let known =
        |action: &String| CONTROLS.iter().find(|(name, _)| name == action).map(|(_, control)| *control);
    grant.is_identity_allow().then(|| grant.actions.iter().filter_map(known).max()).flatten()
}

/// What a principal can change in the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Services whose rights it can use, itself not included.
    pub through: BTreeSet<ServiceId>,
    /// Services it can change, by itself or through others.
    pub changes: BTreeSet<ServiceId>,
}

impl Reach {
    /// The classes of data that rest in what it can change, the most sensitive last.
    pub fn classes(&self, model: &Model) -> BTreeSet<DataClass> {
        self.changes.iter().flat_map(|id| model.services[*id].holds()).collect()
    }
}

impl Access {
    /// What a principal can change in the end.
    pub fn reach(&self, principal: &Principal) -> Reach {
        let mut reach = Reach::default();
        let mut open = vec![principal.clone()];
        while let Some(next) = open.pop() {
            for grant in self.of(&next) {
                let Some(service) = grant.resource.service else { continue };
                if grant.is_identity_allow() && grant.is_change() {
                    reach.changes.insert(service);
                }
                let is_other = Principal::Service(service) != *principal;
                if control_of(grant).is_some() && is_other && reach.through.insert(service) {
                    open.push(Principal::Service(service));
                }
            }
        }
        reach
    }
}
