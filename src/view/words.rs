//! The words that pictures themselves say, in the languages of reports.

use crate::text::{Language, Text};

/// A word or phrase of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is its own wording, in the table below")]
pub enum Word {
    Deployment,
    DataFlow,
    Permissions,
    Cost,
    Journey,
    Cloud,
    Region,
    Network,
    PublicTier,
    PrivateTier,
    IsolatedTier,
    System,
    Everything,
    People,
    Environment,
    Model,
    Legend,
    Call,
    Asynchronous,
    Attached,
    Soft,
    Derived,
    SensitiveData,
    ZoneUsed,
    ZoneIdle,
    Findings,
    Contents,
    Containers,
    Things,
    Lines,
    Primary,
    Standby,
    Zone,
    By,
    To,
    Never,
    NoFlow,
    Monthly,
    OwnKey,
    Group,
    SecondFactor,
    Nothing,
    After,
    Actions,
}

/// English and Spanish.
const WORDS: [(Word, &str, &str); 44] = [
    (Word::Deployment, "Deployment", "Despliegue"),
    (Word::DataFlow, "Data flow", "Flujo de datos"),
    (Word::Permissions, "Permissions", "Permisos"),
    (Word::Cost, "Cost", "Costo"),
    (Word::Journey, "Journey", "Recorrido"),
    (Word::Cloud, "AWS account", "Cuenta de AWS"),
    (Word::Region, "Region", "Región"),
    (Word::Network, "VPC", "VPC"),
    (Word::PublicTier, "public", "pública"),
    (Word::PrivateTier, "private", "privada"),
    (Word::IsolatedTier, "isolated", "aislada"),
    (Word::System, "Trust boundary", "Frontera de confianza"),
    (Word::Everything, "Resources", "Recursos"),
    (Word::People, "Roles of people", "Roles de personas"),
    (Word::Environment, "environment", "entorno"),
    (Word::Model, "model", "modelo"),
    (Word::Legend, "Legend", "Leyenda"),
    (Word::Call, "call, the caller waits", "llamada, se espera la respuesta"),
    (Word::Asynchronous, "asynchronous", "asíncrono"),
    (Word::Attached, "attached, no traffic", "asociado, sin tráfico"),
    (Word::Soft, "soft dependency", "dependencia opcional"),
    (Word::Derived, "follows from the model", "se deduce del modelo"),
    (Word::SensitiveData, "carries sensitive data", "lleva datos sensibles"),
    (Word::ZoneUsed, "runs in this zone", "corre en esta zona"),
    (Word::ZoneIdle, "not in this zone", "no está en esta zona"),
    (Word::Findings, "open findings", "hallazgos abiertos"),
    (Word::Contents, "Contents", "Contenido"),
    (Word::Containers, "Containers", "Contenedores"),
    (Word::Things, "Services and people", "Servicios y personas"),
    (Word::Lines, "Flows", "Flujos"),
    (Word::Primary, "primary", "primaria"),
    (Word::Standby, "standby", "reserva"),
    (Word::Zone, "zone", "zona"),
    (Word::By, "by way of", "por medio de"),
    (Word::To, "to", "a"),
    (Word::Never, "never", "nunca"),
    (Word::NoFlow, "no flow in the model", "sin flujo en el modelo"),
    (Word::Monthly, "a month", "al mes"),
    (Word::OwnKey, "encrypted with its own key", "cifrado con llave propia"),
    (Word::Group, "group", "grupo"),
    (Word::SecondFactor, "second factor", "segundo factor"),
    (Word::Nothing, "nothing to show", "nada que mostrar"),
    (Word::After, "after", "tras"),
    (Word::Actions, "actions", "acciones"),
];

/// The wording of a word.
pub fn word(word: Word, language: Language) -> &'static str {
    WORDS.iter().find(|(known, ..)| *known == word).map_or("", |(_, english, spanish)| match language {
        Language::En => english,
        Language::Es => spanish,
    })
}

/// The wording of a word as text.
pub(super) fn text(of: Word, language: Language) -> Text {
    Text::new(word(of, language))
}
