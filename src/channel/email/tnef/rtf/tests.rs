use super::*;

fn text(rtf: &str) -> String {
    let read = read(format!("{{\\rtf1\\ansi\\ansicpg1252 {rtf}}}").as_bytes());
    assert!(read.html.is_none() && read.whole, "{read:?}");
    read.text.unwrap_or_default()
}

fn html(rtf: &str) -> String {
    let read = read(format!("{{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{rtf}}}").as_bytes());
    assert!(read.text.is_none() && read.whole, "{read:?}");
    read.html.unwrap_or_default()
}

#[test]
fn words_come_without_their_looks() {
    let rtf = "{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0;}{\\stylesheet{\\s1 Titolo;}}{\\info{\\author Anna}}\
        {\\*\\generator Riched20;}\\pard\\f0\\fs20 Buongiorno,\\par\r\n perch\\'e9 \\b no\\b0?\\tab \\{a\\\\b\\}\\line\
        {\\field{\\*\\fldinst HYPERLINK \"http://x\"}{\\fldrslt qui}}\\~\\ldblquote c\\rdblquote\\par{\\v nascosto}fine";
    assert_eq!(text(rtf), "Buongiorno,\n perché no?\t{a\\b}\nqui\u{a0}“c”\nfine");
    assert_eq!(text("{\\pntext\\'b7\\tab}uno\\par {\\listtext 2.\\tab}due"), "·\tuno\n2.\tdue");
    assert_eq!(text("a\\cell b\\cell\\row c"), "a\tb\t\nc");
}

#[test]
fn letters_of_all_alphabets_are_read() {
    assert_eq!(text("\\u8364? \\u-10179?\\u-8704?."), "€ 😀.");
    assert_eq!(text("\\uc2\\u8364\\'80\\'80x{\\uc0\\u8364}\\u8364 abc"), "€x€€c");
    assert_eq!(text("\\uc1\\u8364{x}"), "€x");
    let fonts =
        "{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial Cyr;}{\\f2\\fcharset128 MS Gothic;}}";
    assert_eq!(text(&format!("{fonts}\\f1\\'cf{{\\f0\\'e0}}\\'f0\\plain\\'e0")), "Пàрà");
    // a character of two bytes, the second as a letter or as a symbol
    assert_eq!(text(&format!("{fonts}\\f2\\'83\\'65\\'83X\\'83\\\\")), "テスソ");
    assert_eq!(text("\\f99\\'e0 \\'zz\\'e"), "à zz");
}

#[test]
fn html_comes_out_as_it_went_in() {
    let rtf = "{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}}\
        {\\*\\htmltag64 <p title=\"citt\\'e0\\{\\}\">}\\htmlrtf {\\b\\f1 \\htmlrtf0 \\'cf{\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0 \
        {\\*\\mhtmltag84 <a>}a\\tab\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>\\par}\\par\n{\\pict 00ff}\\u232?";
    assert_eq!(html(rtf), "<p title=\"città{}\">П&lt;a\t</p>\n\nè");
}

#[test]
fn pictures_are_said_to_be_left_out() {
    let picture = read(b"{\\rtf1 a{\\*\\shppict{\\pict\\pngblip 89504e47}}b}");
    assert_eq!(picture, Rtf { text: Some("ab".to_owned()), html: None, whole: false });
}

#[test]
fn what_is_broken_gives_what_is_there() {
    assert_eq!(read(b""), Rtf::default());
    assert_eq!(read(b"le parole"), Rtf::default());
    let text = |rtf: &[u8]| read(rtf).text.unwrap_or_default();
    assert_eq!(text(b"{\\rtf1 a}}}b{"), "ab");
    assert_eq!(text(b"{\\rtf1 a\\bin3 }}}b\\bin999 c"), "ab");
    assert_eq!(text(b"{\\rtf1 a\\bin-3 b\\u b\\u99999999999999 c\\f-1 d\\uc-5 e\\"), "abbcde");
    assert_eq!(text(b"{\\rtf1\\ansicpg77 \\u55357 a\\'"), "\u{fffd}");
}

#[test]
fn groups_have_a_limit() {
    let deep = |depth: usize| {
        read(["{\\rtf1 ", &"{".repeat(depth), "a", &"}".repeat(depth + 1)].concat().as_bytes())
    };
    let within = deep(MAX_GROUPS - 1);
    assert_eq!((within.text.as_deref(), within.whole), (Some("a"), true));
    let beyond = deep(100_000);
    assert_eq!((beyond.text, beyond.whole), (None, false));
}
