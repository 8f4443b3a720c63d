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
