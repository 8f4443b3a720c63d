//! PNG and PDF of a document, without a browser and with the font of `fonts` alone.

#[cfg(any(feature = "png", feature = "pdf"))]
use std::sync::Arc;

#[cfg(any(feature = "png", feature = "pdf"))]
use resvg::usvg::{self, Options, Tree};

/// Pixels of a PNG for each of the document.
#[cfg(feature = "png")]
const SCALE: f32 = 2.;
/// No side of a PNG is longer; a larger picture is drawn smaller.
#[cfg(feature = "png")]
const LONGEST: f32 = 12_000.;

/// A format that is made from the document.
#[derive(Debug, Clone, Copy)]
pub struct Print {
    /// What `--format` calls it, and the ending of its files.
    pub name: &'static str,
    /// Makes it; nothing when the document cannot be read.
    pub make: fn(&str) -> Option<Vec<u8>>,
}

/// Those that this program was built with.
pub const PRINTS: &[Print] = &[
    #[cfg(feature = "png")]
    Print { name: "png", make: png },
    #[cfg(feature = "pdf")]
    Print { name: "pdf", make: pdf },
];

#[cfg(any(feature = "png", feature = "pdf"))]
fn tree(document: &str) -> Option<Tree> {
    let mut fonts = usvg::fontdb::Database::new();
    for font in super::fonts::OUTLINES {
        fonts.load_font_data(font.to_vec());
    }
    let options = Options { font_family: "Inter".to_owned(), fontdb: Arc::new(fonts), ..Options::default() };
    Tree::from_str(document, &options).ok()
}

#[cfg(feature = "png")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a side is at most LONGEST pixels"
)]
fn png(document: &str) -> Option<Vec<u8>> {
    use resvg::tiny_skia::{Pixmap, Transform};
    let tree = tree(document)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SCALE.min(LONGEST / width.max(height));
    let mut pixels = Pixmap::new((width * scale).ceil() as u32, (height * scale).ceil() as u32)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().ok()
}

#[cfg(feature = "pdf")]
fn pdf(document: &str) -> Option<Vec<u8>> {
    use svg2pdf::{ConversionOptions, PageOptions};
    svg2pdf::to_pdf(&tree(document)?, ConversionOptions::default(), PageOptions::default()).ok()
}

#[cfg(any(feature = "png", feature = "pdf"))]
#[cfg(test)]
mod tests {
    use super::*;

    const WORD: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='30'>\
        <text x='5' y='20' font-family=\"Inter,sans-serif\" font-weight='600'>archc</text></svg>";

    #[test]
    fn the_own_fonts_can_be_read() {
        let tree = tree(WORD).expect("a document");
        assert!(tree.has_text_nodes(), "a text whose font is not found is left out");
    }

    #[cfg(feature = "png")]
    #[test]
    fn a_png_holds_the_letters() {
        let pixels = resvg::tiny_skia::Pixmap::decode_png(&png(WORD).expect("a picture")).expect("pixels");
        let ink = pixels.pixels().iter().filter(|pixel| pixel.alpha() > 128).count();
        assert!((300..3_000).contains(&ink), "{ink} pixels of ink");
    }

    #[cfg(feature = "pdf")]
    #[test]
    fn a_pdf_holds_the_font() {
        let bytes = pdf(WORD).expect("a page");
        let has = |words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
        assert!(bytes.starts_with(b"%PDF-"));
        assert!(has(b"/Font") && has(b"Inter"), "the letters are text, not paths");
    }
}
