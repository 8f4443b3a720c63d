//! Policies: what each role may do with which resources, as far as the plan knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::import::plan::{Plan, ResourceId, strings, text};
use crate::import::refs::References;

/// One allowance: actions (perhaps patterns) on what one entry of a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The role.
    pub role: ResourceId,
    /// The resource that carries the policy.
    pub policy: ResourceId,
    /// The actions, as they are written.
    pub actions: Vec<String>,
    /// The resources; none when it is about everything or about something unknown.
    pub on: BTreeSet<ResourceId>,
    /// Is it about everything?
    pub everything: bool,
}

/// What the policies of a plan say.
#[derive(Debug, Default)]
pub struct Policies {
    /// Allowances, in the order of the plan.
    pub allowances: Vec<Allowance>,
    /// Policies whose content is only known after they are applied.
    pub unknown: BTreeSet<ResourceId>,
    /// Policies managed by AWS: role and name.
    pub managed: Vec<(ResourceId, String)>,
}

/// Reads all identity policies.
pub fn read(plan: &Plan, references: &References<'_>) -> Policies {
    let mut reader = Reader { plan, references, found: Policies::default() };
    let of = |kind: &'static str| {
        plan.resources
            .iter()
            .filter(move |(_, resource)| resource.kind == kind && !resource.is_data)
            .map(|(id, _)| id)
    };
    for policy in of("aws_iam_role_policy") {
        for role in reader.roles(policy) {
            reader.take(role, policy, "policy");
        }
    }
    for attachment in of("aws_iam_role_policy_attachment").chain(of("aws_iam_policy_attachment")) {
        reader.take_attachment(attachment);
    }
    for role in of("aws_iam_role") {
        reader.take_inline(role);
    }
    reader.found
}

struct Reader<'a> {
    plan: &'a Plan,
    references: &'a References<'a>,
    found: Policies,
}

/// A statement's list of resources: what is written, and what is only referred to.
struct Wanted<'v> {
    written: Vec<String>,
    unknown: usize,
    referred: Option<&'v Value>,
}

impl Reader<'_> {
    fn roles(&self, id: ResourceId) -> BTreeSet<ResourceId> {
        let mut found = self.references.at(id, "role");
        found.extend(self.references.at(id, "roles"));
        found.retain(|role| self.plan.resources[*role].kind == "aws_iam_role");
        found
    }

    fn take_attachment(&mut self, id: ResourceId) {
        let policies = self.references.at(id, "policy_arn");
        let arn = self.plan.resources[id].string("policy_arn").unwrap_or_default().to_owned();
        if policies.len() > 1 && arn.is_empty() {
            // One of several, and the plan does not say which.
            self.found.unknown.insert(id);
            return;
        }
        for role in self.roles(id) {
            for policy in
                policies.iter().filter(|policy| self.plan.resources[**policy].kind == "aws_iam_policy")
            {
                self.take(role, *policy, "policy");
            }
            if let Some((_, name)) = arn.split_once(":aws:policy/") {
                self.found.managed.push((role, name.to_owned()));
            }
        }
    }

    /// The policies inside the role's own block.
    fn take_inline(&mut self, role: ResourceId) {
        let inline = self.plan.resources[role].values.get("inline_policy").and_then(Value::as_array);
        let documents: Vec<String> =
            inline.into_iter().flatten().map(|policy| text(policy, "policy").to_owned()).collect();
        for document in documents {
            self.take_text(role, role, &document);
        }
    }

    /// The document at an attribute: its text, else the data source it comes from.
    fn take(&mut self, role: ResourceId, policy: ResourceId, attribute: &str) {
        if let Some(document) = self.plan.resources[policy].string(attribute) {
            let document = document.to_owned();
            self.take_text(role, policy, &document);
            return;
        }
        let sources = self.references.at(policy, attribute);
        let documents: Vec<ResourceId> = sources
            .iter()
            .copied()
            .filter(|id| self.plan.resources[*id].kind == "aws_iam_policy_document")
            .collect();
        if documents.is_empty() {
            self.found.unknown.insert(policy);
        }
        for document in documents {
            self.take_document(role, policy, document);
        }
    }

    fn take_text(&mut self, role: ResourceId, policy: ResourceId, document: &str) {
        let Ok(document) = serde_json::from_str::<Value>(document) else {
            self.found.unknown.insert(policy);
            return;
        };
        let statements = match document.get("Statement") {
            Some(Value::Array(list)) => list.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        for statement in statements.iter().filter(|statement| text(statement, "Effect") == "Allow") {
            let actions = strings(statement.get("Action"));
            let written = strings(statement.get("Resource"));
            self.allow(role, policy, &actions, &Wanted { written, unknown: 0, referred: None });
        }
    }

    /// A data source whose text is not known yet: its statements are, but for ARNs.
    fn take_document(&mut self, role: ResourceId, policy: ResourceId, document: ResourceId) {
        let resource = &self.plan.resources[document];
        if let Some(text) = resource.string("json") {
            let text = text.to_owned();
            return self.take_text(role, policy, &text);
        }
        let statements =
            resource.values.get("statement").and_then(Value::as_array).cloned().unwrap_or_default();
        let written = self.plan.written.get(&resource.block());
        let blocks =
            written.and_then(|written| written.expressions.get("statement")).and_then(Value::as_array);
        // A `dynamic` block is not in the configuration: then places do not agree, and only names of statements tell.
        let same_length = blocks.is_some_and(|blocks| blocks.len() == statements.len());
        for (at, statement) in statements.iter().enumerate() {
            let effect = text(statement, "effect");
            if effect == "Deny" {
                continue;
            }
            let by_name = |block: &&Value| {
                let sid = block.pointer("/sid/constant_value").and_then(Value::as_str);
                sid.is_some() && sid == statement.get("sid").and_then(Value::as_str)
            };
            let block = blocks.and_then(|blocks| {
                blocks.iter().find(by_name).or_else(|| blocks.get(at).filter(|_| same_length))
            });
            let list = statement.get("resources").and_then(Value::as_array);
            let unknown = list.map_or(1, |list| list.iter().filter(|entry| entry.is_null()).count());
            let referred = block.and_then(|block| block.get("resources"));
            let wanted = Wanted { written: strings(statement.get("resources")), unknown, referred };
            let actions = strings(statement.get("actions"));
            self.allow_from(role, policy, document, &actions, &wanted);
        }
    }

    fn allow(&mut self, role: ResourceId, policy: ResourceId, actions: &[String], wanted: &Wanted<'_>) {
        self.allow_from(role, policy, policy, actions, wanted);
    }

    fn allow_from(
        &mut self,
        role: ResourceId,
        policy: ResourceId,
        document: ResourceId,
        actions: &[String],
        wanted: &Wanted<'_>,
    ) {
        let mut on: BTreeSet<ResourceId> = BTreeSet::new();
        for arn in wanted.written.iter().filter(|arn| *arn != "*") {
            on.extend(self.references.of_arn(arn));
        }
        if wanted.unknown > 0 {
            let mut named = BTreeSet::new();
            if let Some(expression) = wanted.referred {
                self.references.add_referred(&self.plan.resources[document], expression, &mut named);
            }
            // A loop names a block without saying which of its instances: more of them than entries prove nothing.
            let things = named.iter().filter(|id| self.plan.resources[**id].key.is_some()).count();
            if things > wanted.unknown {
                named.retain(|id| self.plan.resources[*id].key.is_none());
            }
            if named.is_empty() {
                self.found.unknown.insert(policy);
            }
            on.extend(named);
        }
        let everything = wanted.written.iter().any(|arn| arn == "*");
        self.found.allowances.push(Allowance { role, policy, actions: actions.to_vec(), on, everything });
    }
}

/// The principals that may assume a role, by sort: `Service`, `AWS`, `Federated`.
pub fn trust(plan: &Plan, references: &References<'_>, role: ResourceId) -> BTreeMap<String, Vec<String>> {
    let resource = &plan.resources[role];
    let documents: Vec<String> = match resource.string("assume_role_policy") {
        Some(text) => vec![text.to_owned()],
        None => references
            .at(role, "assume_role_policy")
            .iter()
            .filter_map(|id| plan.resources[*id].string("json").map(str::to_owned))
            .collect(),
    };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for document in documents {
        let Ok(document) = serde_json::from_str::<Value>(&document) else { continue };
        let statements = document.get("Statement").and_then(Value::as_array).cloned().unwrap_or_default();
        for (sort, names) in statements.iter().filter_map(|one| one.get("Principal")?.as_object()).flatten() {
            found.entry(sort.clone()).or_default().extend(strings(Some(names)));
        }
        let asks_mfa = document.to_string().contains("aws:MultiFactorAuthPresent");
        found.entry("mfa".to_owned()).or_default().extend(asks_mfa.then(|| "true".to_owned()));
    }
    found
}

/// Does a pattern with `*` and `?` match an action? Case does not matter.
pub fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    let (mut at, mut seen, mut star) = (0, 0, None);
    while seen < action.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(c) if *c == b'?' || Some(c) == action.get(seen) => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((back, from)) = star else { return false };
                star = Some((back, from + 1));
                at = back + 1;
                seen = from + 1;
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|c| *c == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_actions() {
        for (pattern, action, fits) in [
            ("s3:GetObject", "s3:GetObject", true),
            ("s3:Get*", "s3:GetObject", true),
            ("s3:*", "sqs:SendMessage", false),
            ("*", "sqs:SendMessage", true),
            ("s3:G?tObject", "s3:GetObject", true),
            ("S3:getobject", "s3:GetObject", true),
            ("s3:*Object", "s3:GetObjectTagging", false),
            ("s3:Get", "s3:GetObject", false),
        ] {
            assert_eq!(matches(pattern, action), fits, "{pattern} {action}");
        }
    }
}
