//! ARNs and conditions: templates of the catalogue, and what is written in place of their placeholders.

use crate::model::{Model, Service, ServiceId};
use crate::text::Text;

/// The account in ARNs of a model that does not state one; whoever prints it lists the assumption.
pub const UNKNOWN_ACCOUNT: &str = "000000000000";

/// Replaces each `${name}` for which `value` has an answer; the others stay (`${aws:userid}` is IAM's own).
pub fn substitute(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let Some(inner) = after.strip_prefix('{') else {
            out.push('$');
            rest = after;
            continue;
        };
        let (name, next) = inner.split_once('}').unwrap_or((inner, ""));
        // A path below the system's name holds the plain name: the whole of both is one placeholder.
        let (name, next) = match next.strip_prefix("/${name}") {
            Some(next) if name == "system" => ("system/name", next),
            _ => (name, next),
        };
        out.push_str(&value(name).unwrap_or_else(|| format!("${{{name}}}")));
        rest = next;
    }
    out.push_str(rest);
    out
}

/// What placeholders stand for, seen from one service.
///
/// Ids that only AWS knows are written as the thing's name in the model, so that a policy can be read; Terraform writes
/// references instead.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'m> {
    model: &'m Model,
    service: Option<ServiceId>,
}

/// One placeholder: its name and its value; nothing when the model has none.
type Placeholder = (&'static str, fn(Filling) -> Option<String>);

/// Placeholders that say where, not what; conditions keep them because Terraform knows them better.
const WHERE: &[Placeholder] = &[
    ("partition", |at| Some(partition(at.region()).to_owned())),
    ("region", |at| Some(at.region().to_owned())),
    ("account", |at| Some(at.account().to_owned())),
];

/// Placeholders that say what.
const WHAT: &[Placeholder] = &[
    ("system/name", |at| Some(format!("{}/{}", prefix(at.model), at.plain()))),
    ("name", |at| Some(at.name())),
    ("system", |at| Some(prefix(at.model))),
    ("prefix", |at| Some(at.prefix().unwrap_or_default())),
    ("index", |at| Some(at.index())),
    ("resource_id", |at| Some(at.database_id())),
    ("secret", |at| Some(format!("rds!{}", at.database_id()))),
    ("subnet_id", |at| Some(format!("subnet-{}", at.tier()))),
    ("sg_id", |at| Some(format!("sg-{}", at.plain()))),
    ("id", |at| Some(at.plain())),
    ("api_id", |at| Some(at.plain())),
    ("stage", |_| Some("*".to_owned())),
    ("method", |_| Some("*".to_owned())),
    ("path", |_| Some("*".to_owned())),
    ("image", |at| Some(at.repository())),
    ("cluster", |at| Some(prefix(at.model))),
    ("role", |at| Some(at.stem())),
    ("role.execution", |at| Some(format!("{}-execution", at.stem()))),
    ("domain", |at| at.text("domain")),
    ("model", |at| at.text("model").map(|model| geography(&model).1.to_owned())),
    ("model_region", |at| Some(at.model_region())),
    ("database", |at| at.text("database").or_else(|| Some(at.plain()))),
    ("topic", |at| at.text("topic").or_else(|| Some(at.plain()))),
    ("profile", |at| Some(at.plain())),
    ("guardrail", |at| Some(at.plain())),
    ("user", |at| Some(format!("{}-app", at.stem()))),
    ("group", |at| Some(at.plain())),
];

fn look_up(table: &[Placeholder], at: Filling, name: &str) -> Option<String> {
    table.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value(at))
}

/// The partition of a region.
fn partition(region: &str) -> &'static str {
    const PARTITIONS: [(&str, &str); 2] = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")];
    PARTITIONS.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
}

impl<'m> Filling<'m> {
    /// Seen from a service; from the system when there is none.
    pub const fn new(model: &'m Model, service: Option<ServiceId>) -> Self {
        Self { model, service }
    }

    /// A template with everything filled in.
    pub fn fill(self, template: &str) -> String {
        substitute(template, |name| look_up(WHAT, self, name).or_else(|| look_up(WHERE, self, name)))
    }

    /// A template in which `${region}`, `${account}` and `${partition}` stay.
    pub fn fill_what(self, template: &str) -> String {
        substitute(template, |name| look_up(WHAT, self, name))
    }

    /// The account: the model's, otherwise [`UNKNOWN_ACCOUNT`].
    pub fn account(self) -> &'m str {
        self.model.system.account.as_deref().unwrap_or(UNKNOWN_ACCOUNT)
    }

    fn service(self) -> Option<&'m Service> {
        self.service.map(|id| &self.model.services[id])
    }

    fn region(self) -> &'m str {
        self.service.map_or(self.model.system.region.as_str(), |id| self.model.region_of(id))
    }

    /// The name in the model, with hyphens.
    fn plain(self) -> String {
        self.service().map_or(&self.model.system.name, |service| &service.name).dashed().to_lowercase()
    }

    /// The name in AWS: the system's and the stage's before its own.
    fn stem(self) -> String {
        self.service()
            .map_or_else(|| prefix(self.model), |_| format!("{}-{}", prefix(self.model), self.plain()))
    }

    /// [`Filling::stem`], with what some kinds add: the account, because buckets share one name space, and `.fifo`.
    fn name(self) -> String {
        let Some(service) = self.service() else { return self.stem() };
        if service.kind.arn.contains_key("bucket") {
            return format!("{}-{}", self.stem(), self.account());
        }
        let is_fifo = service.settings.is_on("fifo");
        if is_fifo { format!("{}.fifo", self.stem()) } else { self.stem() }
    }

    fn text(self, setting: &str) -> Option<String> {
        self.service()?.settings.text(setting).map(plain)
    }

    /// The part of a bucket its callers may reach; nothing when that is all of it.
    pub(super) fn prefix(self) -> Option<String> {
        self.text("prefix").filter(|prefix| !prefix.is_empty())
    }

    /// The only index of a domain its callers may reach, as the beginning of a path; nothing when they may reach all.
    fn index(self) -> String {
        let index = self.service().and_then(|service| service.settings.word("index"));
        index.map(|index| format!("{index}/")).unwrap_or_default()
    }

    /// Where a foundation model answers: here, or wherever the geography's profile sends the request.
    fn model_region(self) -> String {
        let is_wide = self.text("model").is_some_and(|model| geography(&model).0.is_some());
        if is_wide { "*".to_owned() } else { self.region().to_owned() }
    }

    /// Stands for the id RDS gives a database when it is created.
    fn database_id(self) -> String {
        if let Some(database) = self.proxied() {
            return Self { service: Some(database), ..self }.database_id();
        }
        let letters: String = self.plain().chars().filter(char::is_ascii_alphanumeric).collect();
        let sort = if self.service().is_some_and(|service| service.kind.arn.contains_key("cluster")) {
            "cluster"
        } else {
            "db"
        };
        format!("{sort}-{}", letters.to_ascii_uppercase())
    }

    /// The database behind a pool of connections.
    fn proxied(self) -> Option<ServiceId> {
        let service = self.service().filter(|service| service.is_a("rds_proxy"))?;
        let mut flows = self.model.whole_flows();
        let own = |flow: &crate::model::Flow| self.model.services[flow.from].name == service.name;
        flows.find(|(_, flow)| own(flow)).map(|(_, flow)| flow.to)
    }

    fn tier(self) -> String {
        let tier = self.service.and_then(|id| self.model.place_of(id, crate::model::ContainerKind::Tier));
        tier.map_or_else(|| "*".to_owned(), |id| self.model.places[id].name.to_string())
    }

    /// The repository an image comes from: the one the service pulls from, that of a stated ECR address, otherwise its own.
    fn repository(self) -> String {
        let pulled = self.service.and_then(|id| {
            let mut targets = self.model.whole_flows_from(id).map(|(_, flow)| flow.to);
            targets.find(|target| self.model.services[*target].kind.arn.contains_key("repository"))
        });
        let of = Self { service: pulled.or(self.service), ..self };
        let stated = self.text("image").filter(|_| pulled.is_none()).and_then(|image| {
            let (host, path) = image.split_once('/')?;
            let path = path.split(['@', ':']).next().unwrap_or(path);
            host.contains(".dkr.ecr.").then(|| path.to_owned())
        });
        stated.unwrap_or_else(|| format!("{}/{}", prefix(self.model), of.plain()))
    }
}

/// The geographies whose inference profiles spread requests over their regions; they stand before the model's id.
const GEOGRAPHIES: [&str; 7] = ["us", "us-gov", "eu", "apac", "jp", "au", "global"];

/// The geography in the id of a model (`eu.amazon.nova-lite-v1:0`), and the id of the foundation model itself.
pub fn geography(model: &str) -> (Option<&str>, &str) {
    let parts = model.split_once('.').filter(|(first, _)| GEOGRAPHIES.contains(first));
    parts.map_or((None, model), |(first, rest)| (Some(first), rest))
}

/// What the names of all things in AWS begin with: the system and the stage.
pub fn prefix(model: &Model) -> String {
    format!("{}-{}", model.system.name.dashed(), model.system.env.dashed()).to_lowercase()
}

/// The characters of a text, for comparing and for outputs that escape them.
pub(super) fn plain(text: &Text) -> String {
    text.chars().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_and_policy_variables_stay() {
        let value = |name: &str| (name == "name").then(|| "media".to_owned());
        assert_eq!(substitute("arn:aws:s3:::${name}/*", value), "arn:aws:s3:::media/*");
        assert_eq!(substitute("session/${aws:userid}-*", value), "session/${aws:userid}-*");
        assert_eq!(substitute("${name", value), "media");
        assert_eq!(substitute("$", value), "$");
    }

    #[test]
    fn a_region_tells_its_partition() {
        assert_eq!(partition("us-east-1"), "aws");
        assert_eq!(partition("cn-north-1"), "aws-cn");
        assert_eq!(partition("us-gov-west-1"), "aws-us-gov");
    }
}
