//! Where an include leads: a path relative to its file, inside the folder of the model.

use crate::text::{Phrase, RelPath};

/// Why an include leads nowhere in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stray {
    /// It begins at a root, a drive, a server or a home.
    Absolute,
    /// Its `..` leave the project.
    Above,
    /// It names no file, or holds a character that paths of a project do not have.
    Malformed,
}

impl Stray {
    /// What to say of it.
    pub fn advice(self) -> Phrase {
        let (en, es) = match self {
            Self::Absolute => {
                ("write a path relative to this file", "escribe una ruta relativa a este archivo")
            }
            Self::Above => (
                "move the file into the folder of the model, or build from the folder that holds both",
                "mueve el archivo a la carpeta del modelo, o construye desde la carpeta que contiene ambos",
            ),
            Self::Malformed => (
                "write a path of plain parts joined by `/`, such as \"parts/queue.arch\"",
                "escribe una ruta de partes simples unidas por `/`, como \"parts/queue.arch\"",
            ),
        };
        Phrase::new(en, es)
    }
}

/// The place of `typed`, written in the file `from`; both are relative to the project, with `/`.
///
/// # Errors
/// Why it leads nowhere. Links are not looked at here.
pub fn place(from: &str, typed: &str) -> Result<String, Stray> {
    if is_absolute(typed) {
        return Err(Stray::Absolute);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in typed.split('/') {
        match part {
            "." => {}
            ".." => parts.pop().map(|_| ()).ok_or(Stray::Above)?,
            part => parts.push(part),
        }
    }
    let place = parts.join("/");
    RelPath::new(&place).map(|path| path.as_str().to_owned()).ok_or(Stray::Malformed)
}

fn is_absolute(typed: &str) -> bool {
    let mut chars = typed.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    drive || typed.starts_with(['/', '\\', '~'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_their_file() {
        assert_eq!(place("shop.arch", "parts/q.arch").as_deref(), Ok("parts/q.arch"));
        assert_eq!(place("parts/q.arch", "../x.arch").as_deref(), Ok("x.arch"));
        assert_eq!(place("a/b/c.arch", "./../d/./e.arch").as_deref(), Ok("a/d/e.arch"));
        assert_eq!(place("shop.arch", "ordres d'achat/é.arch").as_deref(), Ok("ordres d'achat/é.arch"));
    }

    #[test]
    fn no_path_leaves_the_project() {
        let climbs = ["..", "../x", "a/../../x", "./../x", "a/b/../../../x", "../../../../etc/passwd"];
        for typed in climbs {
            assert_eq!(place("shop.arch", typed), Err(Stray::Above), "{typed}");
        }
        for typed in ["/etc/passwd", "//x", "C:/x", "c:x", "\\\\server\\x", "\\x", "~/x", "~root/x"] {
            assert_eq!(place("shop.arch", typed), Err(Stray::Absolute), "{typed}");
        }
        for typed in
            ["", ".", "a//b", "a/", "a\\b", "..\\x", "a\0b", "a\nb", "xy:stream", "a/b/..\\..\\x", "\u{7f}"]
        {
            assert_eq!(place("shop.arch", typed), Err(Stray::Malformed), "{typed:?}");
        }
    }
}
