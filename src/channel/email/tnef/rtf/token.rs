//! What RTF is written with: braces, control words, control symbols, bytes.

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\name123`; its number, if there is one.
    Word(&'a [u8], Option<i32>),
    /// `\` and what is no letter.
    Symbol(u8),
    /// `\'e8`
    Byte(u8),
    /// Bytes that stand for themselves.
    Text(&'a [u8]),
}

/// Longest control word (RTF 1.9.1, "Control Word"); further letters are another one.
const MAX_WORD: usize = 32;

/// The tokens of a document, in order.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn of(rtf: &'a [u8]) -> Self {
        Self { rest: rtf }
    }

    fn skip(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// As many bytes as `belongs` says, at most `limit`.
    fn run(&mut self, limit: usize, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        self.skip(self.rest.iter().take(limit).take_while(|byte| belongs(**byte)).count())
    }

    /// What follows a backslash.
    fn control(&mut self) -> Option<Token<'a>> {
        let name = self.run(MAX_WORD, |byte| byte.is_ascii_alphabetic());
        if name.is_empty() {
            let &symbol = self.skip(1).first()?;
            return Some(if symbol == b'\'' { self.byte() } else { Token::Symbol(symbol) });
        }
        let number = self.number();
        if self.rest.first() == Some(&b' ') {
            self.skip(1);
        }
        if let (b"bin", Some(length)) = (name, number.and_then(|length| usize::try_from(length).ok())) {
            self.skip(length); // bytes that are no RTF
        }
        Some(Token::Word(name, number))
    }

    fn number(&mut self) -> Option<i32> {
        let sign = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self.rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let written = std::str::from_utf8(self.skip(sign + digits)).ok()?;
        written.parse().ok()
    }

    /// Two hexadecimal digits; without them it stands for nothing.
    fn byte(&mut self) -> Token<'a> {
        let digits = self.run(2, |byte| byte.is_ascii_hexdigit());
        let both = std::str::from_utf8(digits).ok().filter(|digits| digits.len() == 2);
        let value = both.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        value.map_or(Token::Text(b""), Token::Byte)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.run(usize::MAX, |byte| matches!(byte, b'\r' | b'\n' | b'\0'));
        match self.rest.first()? {
            b'{' => self.skip(1).first().map(|_| Token::Open),
            b'}' => self.skip(1).first().map(|_| Token::Close),
            b'\\' => {
                self.skip(1);
                self.control()
            }
            _ => {
                let special = |byte| matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n' | b'\0');
                Some(Token::Text(self.run(usize::MAX, |byte| !special(byte))))
            }
        }
    }
}
