//! What somebody types who means harm. The mark is in every text, so that a test can ask where it has come to; every header that
//! is smuggled in names the same stranger at `evil.example`.

use rand::{RngExt, rngs::SmallRng, seq::IndexedRandom};

/// In everything that is typed and is no address.
pub const MARK: &str = "xqzj";
const TEXTS: &[&str] = &[
    "<script>xqzj()</script>",
    "</textarea></title></script><script>xqzj()</script>",
    "\"><img src=x onerror=xqzj()>",
    "' autofocus onfocus='xqzj()",
    "\" onmouseover=\"xqzj()",
    "`><xqzj-element xqzj>",
    "<svg/onload=xqzj()>",
    "<math><mtext><style><img title=\"</style><img src onerror=xqzj()>\">",
    "&lt;script&gt;xqzj()&lt;/script&gt;",
    "javascript:xqzj()",
    "java\tscript:xqzj()",
    "data:text/html,<script>xqzj()</script>",
    "[xqzj](javascript:xqzj()) ![xqzj](//evil.example/xqzj)",
    "<!-- xqzj",
    "]]><xqzj>",
    "{{7*7}} {{ xqzj.__class__ }} {% include 'xqzj' %}",
    "${xqzj} #{xqzj} $(xqzj) `xqzj`",
    "#eval(\"xqzj\") #read(\"/etc/passwd\") $x^2$ @xqzj <xqzj>",
    "{ $xqzj } { -xqzj }",
    "xqzj\r\nBcc: stranger@evil.example\r\n\r\nciao",
    "xqzj\nTo: stranger@evil.example",
    "xqzj\rCc: stranger@evil.example",
    "xqzj%0d%0aBcc:%20stranger@evil.example",
    "=?utf-8?q?xqzj=0d=0aBcc:_stranger@evil.example?=",
    "xqzj\u{2028}Bcc: stranger@evil.example\u{85}x\u{0b}y\u{0c}z",
    "xqzj\u{202e}gpj.exe\u{202c}",
    "\u{2066}xqzj\u{2067}\u{2068}\u{2069}\u{200f}\u{200e}\u{061c}",
    "xq\u{200b}\u{200d}\u{feff}\u{ad}zj xqzj",
    "\u{0}xqzj\u{0}",
    "\u{1b}[31mxqzj\u{7}\u{8}\u{7f}\u{9b}31m",
    "xqzj\u{ffff}\u{fffe}\u{10ffff}\u{e000}\u{fdd0}",
    "xqzj \u{fdfd}\u{12031}🏳️‍🌈👩‍👩‍👧‍👦",
    "xqzj'; DROP TABLE work_order; --",
    "xqzj' OR '1'='1\" UNION SELECT * FROM app_key --",
    "../../../../etc/passwd%00xqzj",
    "=cmd|' /C calc'!A0 xqzj",
    "https://evil.example/xqzj?clicca=qui",
    "[2026/000001] xqzj",
    "xqzj 1e999 NaN -0 99999999999999999999",
];

const NUMBERS: &[&str] =
    &["NaN", "inf", "1e999", "-1", "91", "999999999999999999999999", "0x1F", "1,2,3", "٣", ""];

/// An address of an email that leads elsewhere, or is none.
const ADDRESSES: &[&str] = &[
    "",
    "x",
    "@",
    "a@b.example\r\nBcc: stranger@evil.example",
    "a@b.example\nTo: stranger@evil.example",
    "a@b.example,stranger@evil.example",
    "a@b.example;stranger@evil.example",
    "a@b.example stranger@evil.example",
    "a@b.example%0aBcc:stranger@evil.example",
    "<stranger@evil.example>",
    "xqzj <stranger@evil.example>",
    "\"a\\\r\nBcc: stranger@evil.example\"@b.example",
    "\"<script>xqzj()</script>\"@b.example",
    "(xqzj)a@b.example",
    "a@b.example\u{0}",
    "a\u{202e}@b.example",
    "a@\u{fb01}.example\u{2024}it",
    "a@[127.0.0.1]",
    "a@localhost",
    "@a.example:stranger@evil.example",
    "stranger%evil.example@b.example",
    "mailto:stranger@evil.example",
    "reclami@ente.example",
];

/// One text that means harm.
pub fn text(random: &mut SmallRng) -> String {
    match random.random_range(0..100) {
        0..3 => format!("{MARK} ").repeat(random.random_range(200..6_000)),
        3..5 => format!("{MARK}{}", "\u{301}".repeat(random.random_range(10..3_000))),
        5..7 => format!("{MARK}{}", "\n".repeat(random.random_range(10..5_000))),
        7..9 => format!("{}{MARK}", "<div>".repeat(random.random_range(10..2_000))),
        9..14 => (*NUMBERS.choose(random).unwrap()).to_owned(),
        14..30 => format!("{} {}", TEXTS.choose(random).unwrap(), TEXTS.choose(random).unwrap()),
        _ => (*TEXTS.choose(random).unwrap()).to_owned(),
    }
}

/// One address that means harm.
pub fn address(random: &mut SmallRng) -> String {
    match random.random_range(0..10) {
        0 => format!("{}@b.example", "a".repeat(random.random_range(60..400))),
        1 => format!("a@{}example", "b.".repeat(random.random_range(60..300))),
        _ => (*ADDRESSES.choose(random).unwrap()).to_owned(),
    }
}

/// A name of a file that means harm.
pub fn file_name(random: &mut SmallRng) -> String {
    const NAMES: &[&str] = &[
        "../../../../etc/cron.d/xqzj",
        "..\\..\\windows\\xqzj.exe",
        "/etc/passwd",
        "C:\\xqzj.bat",
        "xqzj.jpg\u{0}.exe",
        "xqzj\u{202e}gpj.exe",
        "<script>xqzj()<.jpg",
        "a onerror=xqzj() b.png",
        "CON.txt",
        ".htaccess",
        "~",
        "",
        ".",
        "..",
        "xqzj.php;.jpg",
        "-rf xqzj",
        "xqzj%0d%0aSet-Cookie: a=b.pdf",
        "=?utf-8?q?xqzj?=.pdf",
    ];
    match random.random_range(0..10) {
        0 => format!("{}.jpg", MARK.repeat(random.random_range(20..2_000))),
        _ => (*NAMES.choose(random).unwrap()).to_owned(),
    }
}
