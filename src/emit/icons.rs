//! The glyphs of the pictures: own line drawings on a grid of 24, one a name of the catalogue's `icon` key.
//!
//! They are drawn with a round stroke and no fill, so one path takes any colour. A new icon is one row here.

/// Names and path data, in the order of their names.
const ICONS: [(&str, &str); 54] = [
    ("archive", "M4 5h16v4H4zM5.5 9v10.5h13V9M10 13h4"),
    (
        "balancer",
        "M12 3.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM12 8.5v7M5 15.5V12h14v3.5M3 15.5h4v4H3zM10 15.5h4v4h-4zM17 15.5h4v4h-4z",
    ),
    ("bell", "M6 17v-6a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4"),
    ("box", "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9"),
    (
        "bucket",
        "M4.5 6c0-1.4 3.4-2.5 7.5-2.5s7.5 1.1 7.5 2.5-3.4 2.5-7.5 2.5S4.5 7.4 4.5 6zM4.5 6l2 13c.2 1 2.6 1.8 5.5 1.8s5.3-.8 5.5-1.8l2-13",
    ),
    (
        "bus",
        "M3 12h18M7 12V6.5M12 12v5.5M17 12V6.5M7 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM12 20.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM17 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z",
    ),
    ("cache", "M13 3 5 14h6l-1 7 8-11h-6z"),
    (
        "certificate",
        "M7 15H4V4h16v11h-7M7.5 8h9M10 12a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8.5 16.5V21l1.5-1 1.5 1v-4.5",
    ),
    ("clock", "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2"),
    ("cloud", "M6.5 18.5a4.2 4.2 0 0 1-.5-8.4 6 6 0 0 1 11.5-1 4.7 4.7 0 0 1 0 9.4z"),
    (
        "cluster",
        "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v6M12 15v6M3.8 7.5l5.5 3.1M14.7 13.4l5.5 3.1M20.2 7.5l-5.5 3.1M9.3 13.4l-5.5 3.1",
    ),
    (
        "coin",
        "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM15 9.2C14.5 8.4 13.4 8 12 8c-1.8 0-3 .8-3 2 0 3 6 1 6 4 0 1.2-1.2 2-3 2-1.5 0-2.6-.5-3.1-1.4M12 6.2V8M12 16v1.8",
    ),
    ("compass", "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM15.8 8.2l-2.2 5.4-5.4 2.2 2.2-5.4z"),
    ("container", "M3.5 6.5h17v11h-17zM7.7 9.5v5M12 9.5v5M16.3 9.5v5"),
    (
        "database",
        "M5 6c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3zM5 6v12c0 1.7 3.1 3 7 3s7-1.3 7-3V6M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3",
    ),
    ("delivery", "M3 12h12M10.5 7l5 5-5 5M20 5v14"),
    ("disk", "M4 13.5h16V19H4zM4 13.5 7 5h10l3 8.5M7.5 16.2h.01M12 16.2h4.5"),
    ("door", "M3.5 12H14M10.5 8l4 4-4 4M13 4h7v16h-7"),
    ("function", "M6.5 4H10l7 16h3M11.5 9.5 6 20"),
    ("gateway", "M7.5 5.5 3.5 12l4 6.5M16.5 5.5l4 6.5-4 6.5M13.7 6.5l-3.4 11"),
    (
        "gear",
        "M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
    ),
    (
        "globe",
        "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c2.6 2.5 3.6 5.5 3.6 8.5s-1 6-3.6 8.5c-2.6-2.5-3.6-5.5-3.6-8.5s1-6 3.6-8.5z",
    ),
    (
        "identity",
        "M3 5h18v14H3zM9 8.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM5.8 16c.4-1.5 1.6-2.2 3.2-2.2s2.8.7 3.2 2.2M15 10h3.2M15 13.5h3.2",
    ),
    ("job", "M4 8l8-4 8 4-8 4zM4 12l8 4 8-4M4 16l8 4 8-4"),
    ("key", "M8 11a4.2 4.2 0 1 0 0 8.4A4.2 4.2 0 0 0 8 11zM11 12.2 19.5 3.7M16 7.2l2.7 2.7M13.2 10l2 2"),
    (
        "link",
        "M9.5 14.5l5-5M11 6.6l1.9-1.9a4.3 4.3 0 0 1 6.1 6.1l-1.9 1.9M13 17.4l-1.9 1.9A4.3 4.3 0 0 1 5 13.2l1.9-1.9",
    ),
    ("lock", "M5.5 10.5h13v10h-13zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3"),
    ("log", "M6 3.5h9l3.5 3.5v13.5H6zM9 10h6.5M9 13.5h6.5M9 17h4"),
    ("mail", "M3.5 5.5h17v13h-17zM3.5 7l8.5 6 8.5-6"),
    ("model", "M11 4l2 6 6 2-6 2-2 6-2-6-6-2 6-2zM18.5 3.5v4M16.5 5.5h4"),
    ("network", "M10 3.5h4v4h-4zM3.5 16.5h4v4h-4zM16.5 16.5h4v4h-4zM12 7.5V12M5.5 16.5V12h13v4.5"),
    (
        "people",
        "M9 4.5a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2zM2.5 19.5c.5-3.5 3-5 6.5-5s6 1.5 6.5 5M16 4.9a3.6 3.6 0 0 1 0 6.4M18 14.9c2 .7 3.2 2.2 3.5 4.6",
    ),
    ("person", "M12 3.5a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM4.3 20.5c.6-4 3.6-6 7.7-6s7.1 2 7.7 6"),
    ("plug", "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4"),
    ("pool", "M3.5 6H8c5 0 3 6 8 6M3.5 18H8c5 0 3-6 8-6M3.5 12h17M17.5 9l3 3-3 3"),
    ("query", "M4 5h16M4 10h6M4 15h4.5M14.5 9.5a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM17.6 16.8 20.5 20"),
    ("queue", "M3 8h4.4v8H3zM9.8 8h4.4v8H9.8zM16.6 8H21v8h-4.4zM3 4.5h18M3 19.5h18"),
    ("region", "M6 21V4M6 5h12.5L16 9l2.5 4H6"),
    ("search", "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3 20.5 20.5"),
    (
        "secret",
        "M5.5 10.5h13v10h-13zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M9.5 15.5h.01M12 15.5h.01M14.5 15.5h.01",
    ),
    ("server", "M4 4.5h16v6.5H4zM4 13h16v6.5H4zM7.5 7.7h.01M7.5 16.2h.01M11 7.7h5.5M11 16.2h5.5"),
    ("shield", "M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6z"),
    (
        "sliders",
        "M4 7.5h8.5M17 7.5h3M14.7 5.2a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6zM4 16.5h3M11.5 16.5H20M9.3 14.2a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
    ),
    ("stream", "M3 7.5c3-3 6 3 9 0s6 3 9 0M3 12.5c3-3 6 3 9 0s6 3 9 0M3 17.5c3-3 6 3 9 0s6 3 9 0"),
    ("subnet", "M4 4.5h16v15H4zM4 12h16M12 12v7.5"),
    ("table", "M4 4.5h16v15H4zM4 9.5h16M4 14.5h16M10 9.5v10"),
    ("terminal", "M3.5 5h17v14h-17zM7 9l3 3-3 3M12.5 15h4.5"),
    ("topic", "M4 9.5v5h3.5l7.5 4.5V5L7.5 9.5zM18 9a4.2 4.2 0 0 1 0 6"),
    (
        "unknown",
        "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5h.01",
    ),
    (
        "watch",
        "M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z",
    ),
    ("wall", "M3.5 5h17v14h-17zM3.5 9.7h17M3.5 14.3h17M9 5v4.7M15 9.7v4.6M9 14.3V19"),
    ("workflow", "M9 3.5h6v4.5H9zM3.5 16h6v4.5h-6zM14.5 16h6v4.5h-6zM12 8v4M6.5 16v-4h11v4"),
    (
        "zone",
        "M12 21c4.5-5 6.5-8.3 6.5-11a6.5 6.5 0 0 0-13 0c0 2.7 2 6 6.5 11zM12 7.5a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
    ),
    ("group", "M4 7.5V4.5h3M17 4.5h3v3M20 16.5v3h-3M7 19.5H4v-3M8 8.5h8v7H8z"),
];

/// The name under which an icon is drawn and its path; a name the table lacks is drawn as `unknown`.
pub fn icon(name: &str) -> (&'static str, &'static str) {
    let of = |wanted: &str| ICONS.iter().find(|(known, _)| *known == wanted).copied();
    of(name).or_else(|| of("unknown")).unwrap_or(("unknown", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_of_the_catalogue_is_drawn() {
        for kind in crate::catalog::Catalog::embedded().kinds() {
            assert_eq!(icon(&kind.icon).0, kind.icon);
        }
        assert_eq!(icon("no such icon").0, "unknown");
    }

    #[test]
    fn paths_hold_nothing_but_path_data() {
        for (name, path) in ICONS {
            assert!(
                path.chars().all(|c| c.is_ascii_digit() || " -.,MmLlHhVvCcSsQqAaZz".contains(c)),
                "{name}"
            );
            assert!(path.starts_with('M'), "{name}");
        }
    }
}
