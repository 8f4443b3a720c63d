//! Numbers with what is counted: one mechanism for singular and plural in every language.

use std::fmt;

/// What is counted, in singular and plural; whole groups of words that must agree ("1 limit is", "2 limits are") are one
/// too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    en: (&'static str, &'static str),
    es: (&'static str, &'static str),
}

impl Noun {
    /// One and several of it in English, then in Spanish.
    pub const fn new(
        one: &'static str,
        several: &'static str,
        uno: &'static str,
        varios: &'static str,
    ) -> Self {
        Self { en: (one, several), es: (uno, varios) }
    }

    /// One and several of it where only English is spoken: terminals and data.
    pub const fn english(one: &'static str, several: &'static str) -> Self {
        Self::new(one, several, one, several)
    }

    /// So many of it.
    pub fn count(self, number: impl TryInto<u64>) -> Counted {
        Counted { number: number.try_into().unwrap_or(u64::MAX), noun: self }
    }
}

/// A number with its noun. `{}` writes English and `{:#}` Spanish, so that the two patterns of `phrase!` can share one
/// argument: `phrase!("{} run", "se ejecutan {:#}", noun::UNIT.count(units))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    number: u64,
    noun: Noun,
}

impl fmt::Display for Counted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, several) = if out.alternate() { self.noun.es } else { self.noun.en };
        write!(out, "{} {}", self.number, if self.number == 1 { one } else { several })
    }
}

/// Nouns that more than one sentence counts. A template says `{{count}} {{#one count}}unit{{else}}units{{/one}}`.
pub mod noun {
    use super::Noun;

    /// AWS actions.
    pub const ACTION: Noun = Noun::new("action", "actions", "acción", "acciones");
    /// Connections to a store.
    pub const CONNECTION: Noun = Noun::new("connection", "connections", "conexión", "conexiones");
    /// Days.
    pub const DAY: Noun = Noun::new("day", "days", "día", "días");
    /// What a check says.
    pub const FINDING: Noun = Noun::new("finding", "findings", "hallazgo", "hallazgos");
    /// Grants of an identity.
    pub const GRANT: Noun = Noun::new("grant", "grants", "permiso", "permisos");
    /// Hours.
    pub const HOUR: Noun = Noun::new("hour", "hours", "hora", "horas");
    /// Messages of a queue.
    pub const MESSAGE: Noun = Noun::new("message", "messages", "mensaje", "mensajes");
    /// Minutes.
    pub const MINUTE: Noun = Noun::new("minute", "minutes", "minuto", "minutos");
    /// Services of a model.
    pub const SERVICE: Noun = Noun::new("service", "services", "servicio", "servicios");
    /// Policy statements.
    pub const STATEMENT: Noun = Noun::new("statement", "statements", "declaración", "declaraciones");
    /// Things, whatever they are.
    pub const THING: Noun = Noun::new("thing", "things", "elemento", "elementos");
    /// Units of a group that scales.
    pub const UNIT: Noun = Noun::new("unit", "units", "unidad", "unidades");
    /// Availability zones.
    pub const ZONE: Noun = Noun::new("zone", "zones", "zona", "zonas");
}

#[cfg(test)]
mod tests {
    use super::noun;

    #[test]
    fn one_is_singular_and_everything_else_is_plural_in_both_languages() {
        let said = |number: u64| {
            let counted = noun::STATEMENT.count(number);
            format!("{counted}, {counted:#}")
        };
        assert_eq!(said(0), "0 statements, 0 declaraciones");
        assert_eq!(said(1), "1 statement, 1 declaración");
        assert_eq!(said(2), "2 statements, 2 declaraciones");
    }
}
