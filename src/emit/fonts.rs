//! The font of the pictures: subsets of Inter (SIL Open Font License 1.1), for documents that carry their font and for
//! pictures in pixels. Nothing reads fonts of the machine, so a picture is the same everywhere.

/// Weights of the style sheet with the font in the form of the web.
const WEB: [(&str, &[u8]); 3] = [
    ("400", include_bytes!("fonts/Inter-Regular.woff2")),
    ("500", include_bytes!("fonts/Inter-Medium.woff2")),
    ("600", include_bytes!("fonts/Inter-SemiBold.woff2")),
];

/// The same as outlines.
#[cfg(any(feature = "png", feature = "pdf"))]
pub(super) const OUTLINES: [&[u8]; 3] = [
    include_bytes!("fonts/Inter-Regular.otf"),
    include_bytes!("fonts/Inter-Medium.otf"),
    include_bytes!("fonts/Inter-SemiBold.otf"),
];

/// Rules of style that hold the font itself.
pub(super) fn rules() -> String {
    let rule = |(weight, font): &(&str, &[u8])| {
        format!(
            "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/woff2;base64,{})format('woff2')}}",
            base64(font)
        )
    };
    WEB.iter().map(rule).collect()
}

/// A document that carries its font.
pub(super) fn embed(document: &str, rules: &str) -> String {
    document.replacen("<style>", &format!("<style>{rules}"), 1)
}

/// Bytes as base64 (RFC 4648, with padding).
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0, |bits: u32, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digits = (0..4).map(|place| digit(bits >> (18 - 6 * place) & 63));
        out.extend(digits.take(chunk.len() + 1));
        out.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    out
}

fn digit(value: u32) -> char {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let place = usize::try_from(value).unwrap_or(0);
    DIGITS.get(place).map_or('=', |byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::{WEB, base64, embed, rules};

    #[test]
    fn base64_is_that_of_the_standard() {
        let coded = ["", "f", "fo", "foo", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(coded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]);
    }

    #[test]
    fn fonts_are_fonts_and_go_into_the_style() {
        assert!(WEB.iter().all(|(_, font)| font.starts_with(b"wOF2")));
        let carried = embed("<svg><style>.a{}</style></svg>", &rules());
        assert_eq!(carried.matches("@font-face").count(), 3);
        assert!(carried.ends_with(".a{}</style></svg>"));
    }
}
