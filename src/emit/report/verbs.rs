//! Sentences for verbs: who does what to whom, in both languages.

use crate::text::Language;

/// A verb with its sentence in English and in Spanish; `{from}` and `{to}` stand for the ends.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("attach", "{from} is attached to {to}", "{from} está unido a {to}"),
    ("authorize", "{from} issues the tokens that {to} demands", "{from} emite los tokens que {to} exige"),
    ("backup", "{from} keeps copies of {to}", "{from} guarda copias de {to}"),
    ("call", "{from} calls {to}", "{from} llama a {to}"),
    ("call-signed", "{from} calls {to} with signed requests", "{from} llama a {to} con peticiones firmadas"),
    ("connect", "{from} connects to {to}", "{from} se conecta a {to}"),
    ("consume", "{to} takes messages from {from}", "{to} toma mensajes de {from}"),
    ("data-api", "{from} queries {to} over its API", "{from} consulta {to} por su API"),
    ("decrypt", "{from} decrypts with {to}", "{from} descifra con {to}"),
    ("delete", "{from} deletes from {to}", "{from} borra en {to}"),
    ("encrypt", "{from} encrypts with {to}", "{from} cifra con {to}"),
    ("fanout", "{to} reads {from} over its own channel", "{to} lee {from} por su propio canal"),
    ("guard", "{from} guards {to}", "{from} protege a {to}"),
    ("invoke", "{from} runs {to}", "{from} ejecuta {to}"),
    ("list", "{from} lists what is in {to}", "{from} lista lo que hay en {to}"),
    ("manage-users", "{from} manages the users of {to}", "{from} administra los usuarios de {to}"),
    ("presign", "{from} hands out links to {to}", "{from} entrega enlaces a {to}"),
    ("publish", "{from} publishes to {to}", "{from} publica en {to}"),
    ("pull", "{from} pulls its image from {to}", "{from} obtiene su imagen de {to}"),
    ("query", "{from} queries {to}", "{from} consulta {to}"),
    ("read", "{from} reads {to}", "{from} lee {to}"),
    (
        "read-catalog",
        "{from} reads the table definitions of {to}",
        "{from} lee las definiciones de tablas de {to}",
    ),
    ("read-users", "{from} looks up users of {to}", "{from} consulta usuarios de {to}"),
    ("readwrite", "{from} reads and writes {to}", "{from} lee y escribe en {to}"),
    ("resolve", "{from} asks {to} for the address", "{from} pide la dirección a {to}"),
    ("run-task", "{from} starts a task of {to}", "{from} inicia una tarea de {to}"),
    ("scan", "{from} scans {to}", "{from} recorre {to}"),
    ("send", "{from} sends messages to {to}", "{from} envía mensajes a {to}"),
    ("shell", "{from} opens a session on {to}", "{from} abre una sesión en {to}"),
    ("sign-in", "{from} signs in with {to}", "{from} inicia sesión en {to}"),
    ("start", "{from} starts {to}", "{from} inicia {to}"),
    ("start-sync", "{from} starts {to} and waits", "{from} inicia {to} y espera"),
    ("stream", "{to} follows the changes of {from}", "{to} sigue los cambios de {from}"),
    ("submit", "{from} submits jobs to {to}", "{from} envía trabajos a {to}"),
    ("subscribe", "{to} receives what {from} publishes", "{to} recibe lo que publica {from}"),
    ("write", "{from} writes to {to}", "{from} escribe en {to}"),
];

/// What people do to things, as it follows *may*, in English and in Spanish.
const OF_PEOPLE: &[(&str, &str, &str)] = &[
    ("administer", "administer", "administrar"),
    ("approve", "approve", "aprobar"),
    ("deploy", "deploy", "desplegar"),
    ("observe", "look at", "observar"),
    ("operate", "operate", "operar"),
    ("read", "read", "leer"),
    ("redrive", "send again what failed in", "reenviar lo que falló en"),
    ("shell", "open a session on", "abrir una sesión en"),
    ("write", "write to", "escribir en"),
];

/// What a person does with a verb, as it follows *may*.
pub(super) fn of_people(verb: &str, language: Language) -> String {
    let found = OF_PEOPLE.iter().find(|(known, ..)| *known == verb);
    match (found, language) {
        (Some((_, english, _)), Language::En) => (*english).to_owned(),
        (Some((.., spanish)), Language::Es) => (*spanish).to_owned(),
        (None, _) => format!("`{verb}`"),
    }
}

/// The sentence of a verb between two ends, which are Markdown already.
pub(super) fn sentence(verb: &str, (from, to): (&str, &str), language: Language) -> String {
    let found = SENTENCES.iter().find(|(known, ..)| *known == verb);
    let pattern = match (found, language) {
        (Some((_, english, _)), Language::En) => (*english).to_owned(),
        (Some((.., spanish)), Language::Es) => (*spanish).to_owned(),
        (None, _) => format!("{{from}} → {{to}} ({verb})"),
    };
    pattern.replace("{from}", from).replace("{to}", to)
}
