//! A user's Markdown, made safe: what a note may bring into a report.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use pulldown_cmark_to_cmark::cmark;

use crate::text::Text;
use crate::text::escape::xml_legal;

/// What a link may begin with, besides an anchor or a path of the same place.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

impl Text {
    /// Blocks of Markdown. Paragraphs, lists, quotes, code, emphasis and links stay what they are; a heading becomes a bold
    /// line, so that the outline of the document around stays whole; HTML becomes the letters it is written with, a picture a
    /// link to it, and a link that leads to no page its text.
    pub fn markdown_blocks(&self) -> String {
        let legal: String = self.chars().map(xml_legal).collect();
        let mut around = Around::default();
        let events = Parser::new_ext(&legal, Options::empty()).flat_map(|event| tamed(event, &mut around));
        let events: Vec<Event<'_>> = events.collect();
        let mut text = String::new();
        // Writing into a string cannot fail; what cannot be written back as Markdown is shown as plain text.
        if cmark(events.iter(), &mut text).is_err() {
            return self.markdown();
        }
        text
    }
}

/// What is open around an event.
#[derive(Default)]
struct Around {
    /// Of each open link, whether it stays one.
    links: Vec<bool>,
    is_code: bool,
}

/// What an event becomes. Words leave as inline Markdown that is escaped already, which the writer passes on as it is.
fn tamed<'t>(event: Event<'t>, around: &mut Around) -> Vec<Event<'t>> {
    match event {
        Event::Text(text) if around.is_code => vec![Event::Text(text.replace("```", "'''").into())],
        Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => words(&text),
        Event::Code(text) => vec![Event::InlineHtml(format!("`{}`", text.replace('`', "'")).into())],
        Event::Start(Tag::HtmlBlock) => vec![Event::Start(Tag::Paragraph)],
        Event::End(TagEnd::HtmlBlock) => vec![Event::End(TagEnd::Paragraph)],
        Event::Start(Tag::Heading { .. }) => vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)],
        Event::End(TagEnd::Heading(_)) => vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)],
        Event::Start(Tag::CodeBlock(_)) => {
            around.is_code = true;
            vec![Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(CowStr::Borrowed(""))))]
        }
        Event::End(TagEnd::CodeBlock) => {
            around.is_code = false;
            vec![event]
        }
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            around.links.push(is_page(&dest_url));
            is_page(&dest_url).then(|| Event::Start(link(dest_url))).into_iter().collect()
        }
        Event::End(TagEnd::Link | TagEnd::Image) => {
            let stays = around.links.pop().unwrap_or_default();
            stays.then_some(Event::End(TagEnd::Link)).into_iter().collect()
        }
        other => vec![other],
    }
}

fn words(text: &str) -> Vec<Event<'static>> {
    vec![Event::InlineHtml(Text::new(text).markdown().into())]
}

fn link(dest_url: CowStr<'_>) -> Tag<'_> {
    let nothing = CowStr::Borrowed("");
    Tag::Link { link_type: LinkType::Inline, dest_url, title: nothing.clone(), id: nothing }
}

/// Does an address lead to a page, by web, by mail or in the same place, and cannot end the link it stands in?
fn is_page(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let is_plain = address.chars().all(|c| c.is_ascii_graphic() && !"<>()[]\\\"`|".contains(c));
    is_plain && (SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) || !lower.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> String {
        Text::new(text).markdown_blocks()
    }

    #[test]
    fn markdown_stays_what_it_is() {
        assert_eq!(blocks("One *two* **three** `four`."), "One *two* **three** `four`.");
        assert_eq!(blocks("- a\n- b"), "* a\n* b");
        assert_eq!(blocks("see [the page](https://example.com)"), "see [the page](https://example.com)");
    }

    #[test]
    fn headings_become_bold_lines() {
        assert_eq!(blocks("## Open questions\n\nWho?"), "**Open questions**\n\nWho?");
        assert_eq!(blocks("Open\n==="), "**Open**");
    }

    #[test]
    fn nothing_hostile_survives() {
        let hostile = [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<details>\n\nopen",
            "[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x)",
            "![picture](https://example.com/x.png) ![bad](javascript:x)",
            "```\nnever closed\n# no heading",
            "# one\n## two\nthree\n---",
            "&lt;script&gt; \\<b> `<i>`",
            "<!-- --> <a id=\"products\">",
            "[x]: javascript:alert(1)\n\n[x]",
            "> quote\n> <b>\n\n1. one\n   <i>",
            "\\- a\n\n1\\. b\n\n\\# c &#10;# d",
            "````\n```\n<b>\n````",
            "``a ` <b> b``",
            "[a](<https://x.com/)<script>>)",
            "| a |\n| - |\n| <b> |",
        ];
        for text in hostile {
            let safe = blocks(text);
            for event in Parser::new_ext(&safe, Options::all()) {
                let is_safe = match &event {
                    Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::Start(Tag::Heading { .. } | Tag::Image { .. }) => false,
                    Event::Start(Tag::Link { dest_url, .. }) => is_page(dest_url),
                    _ => true,
                };
                assert!(is_safe, "{text:?} gave {safe:?} with {event:?}");
            }
        }
    }
}
