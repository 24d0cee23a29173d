use std::fmt::{Display, Write};

/// Markup under construction. Only text of the program itself can become markup: [`Page::raw`] takes `&'static str`,
/// everything else goes through [`Page::text`] and is escaped. That is a matter of types, not of care.
#[derive(Default)]
pub struct Page(String);

impl Page {
    /// Markup of our own.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text of anybody, as content or inside a quoted attribute.
    pub fn text(&mut self, text: impl Display) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(Escaping(&mut self.0), "{text}");
        self
    }

    /// `<TAG class="CLASS">text</TAG>` for an inline element.
    pub fn span(&mut self, class: &'static str, text: impl Display) -> &mut Self {
        self.raw("<span class=\"").raw(class).raw("\">").text(text).raw("</span>")
    }

    /// Text in a code element.
    pub fn code(&mut self, text: impl Display) -> &mut Self {
        self.raw("<code>").text(text).raw("</code>")
    }

    /// A link where `address` is https, the address as text where it is not.
    pub fn link(&mut self, address: &str) -> &mut Self {
        if address.starts_with("https://") {
            self.raw("<a rel=\"noreferrer\" href=\"").text(address).raw("\">").text(address).raw("</a>")
        } else {
            self.text(address)
        }
    }

    /// A style sheet or script that azward wrote itself and whose hash the policy names.
    pub fn embed(&mut self, own: &Own) -> &mut Self {
        self.0.push_str(&own.0);
        self
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// A style sheet or script made of the program's own text and numbers alone.
pub struct Own(String);

impl Own {
    /// Starts with this.
    pub fn new(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Appends text of the program, with `{}` replaced by a number.
    pub fn with_number(&mut self, text: &'static str, number: usize) {
        self.0.push_str(&text.replace("{}", &number.to_string()));
    }

    /// Appends any text, for tests.
    #[cfg(test)]
    pub fn append(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// The source expression for a content security policy: `'sha256-…'`.
    pub fn policy(&self) -> String {
        use base64::Engine;
        use sha2::{Digest, Sha256};
        format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(self.0.as_bytes())))
    }
}

/// Escapes what would be markup, and shows what would be invisible or would turn the line around.
struct Escaping<'a>(&'a mut String);

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for char in text.chars() {
            match char {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(char),
                // Overrides of the writing direction make a name look like another one.
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{fffe}' | '\u{ffff}' => {
                    write!(self.0, "\\u{{{:x}}}", char as u32)?;
                }
                _ if char.is_control() => write!(self.0, "\\u{{{:x}}}", char as u32)?,
                _ => self.0.push(char),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let mut page = Page::default();
        page.text("<b x='1' y=\"2\">&\u{202e}\0");
        assert_eq!(page.into_string(), "&lt;b x=&#39;1&#39; y=&quot;2&quot;&gt;&amp;\\u{202e}\\u{0}");
        let mut page = Page::default();
        page.link("javascript:alert(1)").link("https://x/\"");
        assert_eq!(page.into_string(), "javascript:alert(1)<a rel=\"noreferrer\" href=\"https://x/&quot;\">https://x/&quot;</a>");
    }
}
