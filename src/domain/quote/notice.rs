//! Legal notices at the end of a letter: "Le informazioni contenute in questa comunicazione sono riservate…".
//!
//! Citizens quote privacy law too, and ask by its name ("Ai sensi del Regolamento UE 2016/679 chiedo…"). A notice is
//! known by several of its commonplaces together, and by nobody in it who asks for something.

use super::line::{Kind, Line, folded, is_rule, without_rule};

/// Longest run of notices in bytes.
pub(super) const LONGEST: usize = 16 * 1024;
/// So many lines of a paragraph are tried as the first one of a notice.
const MOST_TRIES: usize = 3;

/// How the first paragraph of a notice begins.
const BEGINNINGS: &[&str] = &[
    "avviso",
    "avvertenz",
    "riservatezza",
    "nota di riservatezza",
    "clausola di riservatezza",
    "informativa",
    "privacy",
    "disclaimer",
    "note legali",
    "legal notice",
    "confidential",
    "le informazioni contenute",
    "le informazioni trasmesse",
    "le informazioni incluse",
    "le informazioni, i dati",
    "questo messaggio",
    "questa e-mail",
    "questa email",
    "questa mail",
    "questa comunicazione",
    "questo documento",
    "il presente messaggio",
    "il presente documento",
    "la presente e-mail",
    "la presente email",
    "la presente mail",
    "la presente comunicazione",
    "il contenuto di quest",
    "il contenuto della presente",
    "il contenuto del presente",
    "il testo e gli",
    "quanto contenuto",
    "ai sensi d",
    "in ottemperanza",
    "in conformita",
    "ai fini d",
    "in osservanza",
    "nel rispetto",
    "si precisa che le informazioni",
    "i dati contenuti",
    "the information",
    "this e-mail",
    "this email",
    "this mail",
    "this message",
    "this communication",
    "this transmission",
    "the content",
    "notice",
    "important notice",
    "if you are not the intended",
    "if you have received",
    "se ha ricevuto",
    "se avete ricevuto",
    "qualora",
    "chiunque",
    "diese e-mail",
];

/// Commonplaces: each group counts once.
const COMMONPLACES: &[&[&str]] = &[
    &[
        "questo messaggio",
        "presente messaggio",
        "questa e-mail",
        "questa email",
        "questa mail",
        "presente e-mail",
        "presente email",
        "presente mail",
        "questa comunicazione",
        "presente comunicazione",
        "this e-mail",
        "this email",
        "this message",
        "this communication",
        "this transmission",
        "diese e-mail",
    ],
    &[
        "destinatari",
        "persone diverse",
        "soggetti diversi",
        "intended recipient",
        "addressee",
        "intended only",
        "intended solely",
    ],
    &[
        "per errore",
        "erroneamente",
        "non siete il",
        "non e il destinatario",
        "in error",
        "by mistake",
        "not the intended",
    ],
    &["riservat", "confidenzial", "segrete", "confidential", "privileged", "vertraulich"],
    &[
        "vietat",
        "proibit",
        "divieto",
        "non autorizzat",
        "non possono copiare",
        "divulga",
        "diffusione",
        "prohibited",
        "unauthorized",
        "unauthorised",
        "disclosure",
    ],
    &[
        "2016/679",
        "196/2003",
        "gdpr",
        "d.lgs",
        "protezione dei dati",
        "privacy",
        "616 c.p",
        "data protection",
    ],
    &[
        "distrugg",
        "cancell",
        "eliminar",
        "restituir",
        "avvisare",
        "dandone",
        "darne",
        "informare il mittente",
        "avvertire il mittente",
        "notify",
        "delete",
        "destroy",
    ],
    &[
        "la informiamo",
        "vi informiamo",
        "si informa",
        "informativa",
        "saranno trattati",
        "sono trattati",
        "verranno trattati",
    ],
    &["titolare del trattamento", "dati personali", "personal data"],
];
/// One of these has to be among them: by mistake, confidential, we inform you.
const NEEDED: [usize; 3] = [2, 3, 7];
/// So many make a notice.
const ENOUGH: usize = 3;
/// Fewer do in a paragraph that calls itself one.
const ENOUGH_NAMED: usize = 2;
const NAMED: &[&str] = &[
    "avviso",
    "avvertenz",
    "nota di riservatezza",
    "clausola di",
    "riservatezza",
    "disclaimer",
    "confidential",
    "note legali",
    "legal notice",
];

/// "Please consider the environment": needs no more than its beginning and its reason.
const PAPER: &[&str] = &[
    "prima di stampare,",
    "prima di stampare quest",
    "prima di stampare il presente",
    "prima di stampare la presente",
    "prima di stampare pensa",
    "non stampare quest",
    "stampa quest",
    "rispetta l'ambiente",
    "pensa all'ambiente",
    "please consider the environment",
    "please consider your environment",
    "think before you print",
    "before printing",
    "save paper",
];
const PAPER_WHY: &[&str] = &["ambient", "environment", "alber", "necessari", "tree", "verde"];
/// Longest of them in bytes.
const LONGEST_PAPER: usize = 240;

/// Words of somebody who asks, tells or demands.
const PERSONAL: &[&str] = &[
    "chiedo",
    "chiediamo",
    "richiedo",
    "richiediamo",
    "vorrei",
    "vorremmo",
    "segnalo",
    "segnaliamo",
    "sollecito",
    "diffido",
    "diffida",
    "esigo",
    "pretendo",
    "contesto",
    "autorizzo",
    "attendo",
    "ho",
    "io",
    "mi",
    "mio",
    "mia",
    "miei",
    "mie",
    "my",
    "mora",
    "reclamo",
    "rimborso",
    "pagamento",
    "ricorso",
];

/// Where a letter ends without its notices.
pub(super) fn trimmed(lines: &[Line<'_>]) -> usize {
    let end = lines.iter().rposition(|line| line.kind != Kind::Blank).map_or(0, |last| last + 1);
    let (mut cut, mut bottom, mut size) = (end, end, 0);
    while let Some((top, below)) = paragraph_above(lines, bottom) {
        let paragraph = &lines[top..below];
        size += length(paragraph);
        if size > LONGEST {
            break;
        }
        if let Some(beginning) = beginning(paragraph) {
            cut = top + beginning;
            if beginning > 0 {
                break;
            }
        } else if !may_follow(&joined(paragraph)) {
            break;
        }
        bottom = top;
    }
    if cut < end { without_rule(&lines[..cut]) } else { end }
}

/// A notice begins with this paragraph.
pub(super) fn opens(paragraph: &[Line<'_>]) -> bool {
    beginning(paragraph) == Some(0)
}

pub(super) fn length(paragraph: &[Line<'_>]) -> usize {
    paragraph.iter().map(|line| line.text.len() + 1).sum()
}

/// The last paragraph of the writer's above `bottom`, as its first line and the line behind it. Rules part paragraphs.
fn paragraph_above(lines: &[Line<'_>], bottom: usize) -> Option<(usize, usize)> {
    let gap = |line: &Line<'_>| line.kind == Kind::Blank || is_rule(line.text);
    let last = lines[..bottom].iter().rposition(|line| !gap(line))?;
    let above = lines[..last].iter().rposition(|line| gap(line) || line.kind != Kind::Own);
    (lines[last].kind == Kind::Own).then(|| (above.map_or(0, |above| above + 1), last + 1))
}

/// The line of the paragraph with which a notice begins: its first, or one right below a name.
fn beginning(paragraph: &[Line<'_>]) -> Option<usize> {
    let starts = |line: &Line<'_>| {
        let words = folded(&line.text[..line.text.floor_char_boundary(80)]);
        BEGINNINGS.iter().chain(PAPER).any(|beginning| bare(&words).starts_with(beginning))
    };
    let mut tries = (0..paragraph.len()).filter(|at| starts(&paragraph[*at])).take(MOST_TRIES);
    tries.find(|at| is_notice(bare(&joined(&paragraph[*at..]))))
}

fn joined(paragraph: &[Line<'_>]) -> String {
    paragraph.iter().map(|line| folded(line.text)).collect::<Vec<_>>().join(" ")
}

/// Without the picture of a tree, the stars of bold print, and the letter that is a tree in another typeface.
fn bare(words: &str) -> &str {
    let words = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    words.strip_prefix("p ").unwrap_or(words)
}

fn is_notice(words: &str) -> bool {
    if is_personal(words) {
        return false;
    }
    let why = || PAPER_WHY.iter().any(|why| words.contains(why));
    if words.len() <= LONGEST_PAPER && PAPER.iter().any(|paper| words.starts_with(paper)) && why() {
        return true;
    }
    let named = NAMED.iter().any(|name| words.starts_with(name));
    let found = commonplaces(words);
    NEEDED.iter().any(|needed| found[*needed])
        && found.iter().filter(|found| **found).count() >= if named { ENOUGH_NAMED } else { ENOUGH }
}

/// A paragraph that may stand below the first one of a notice.
fn may_follow(words: &str) -> bool {
    !is_personal(words) && commonplaces(words).contains(&true)
}

fn commonplaces(words: &str) -> [bool; COMMONPLACES.len()] {
    std::array::from_fn(|group| COMMONPLACES[group].iter().any(|phrase| words.contains(phrase)))
}

fn is_personal(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).any(|word| PERSONAL.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{super::line, *};

    fn left(text: &str) -> String {
        let lines = line::split(text);
        line::words(text, &lines, 0, trimmed(&lines)).to_owned()
    }

    #[test]
    fn notices_are_folded() {
        for notice in [
            "Le informazioni contenute in questa comunicazione sono riservate e destinate esclusivamente alle persone indicate. \
             È vietata la diffusione.",
            "AVVISO DI RISERVATEZZA\nIl contenuto di questa e-mail è rivolto unicamente al destinatario.",
            "Ai sensi del Regolamento UE 2016/679 si precisa che le informazioni contenute in questo messaggio sono riservate.\n\n\
             Qualora il messaggio Vi fosse pervenuto per errore, Vi preghiamo di eliminarlo.",
            "This e-mail is confidential and intended only for the addressee. If you have received it in error, please delete it.",
            "**********\nRISERVATEZZA: questo messaggio può contenere dati confidenziali.\n**********",
            "P Rispetta l'ambiente: stampa questa e-mail solo se necessario",
            "Please consider the environment before printing this e-mail.",
            "Questa comunicazione è riservata al destinatario.\n\nThis message is confidential, for the intended recipient.",
        ] {
            assert_eq!(
                left(&format!("Il bidone è rotto.\n\nAnna Neri\n\n{notice}")),
                "Il bidone è rotto.\n\nAnna Neri",
                "{notice}"
            );
            assert_eq!(
                left(&format!("Il bidone è rotto.\n\nAnna Neri\n{notice}")),
                "Il bidone è rotto.\n\nAnna Neri",
                "{notice}"
            );
        }
    }

    #[test]
    fn a_letter_about_privacy_is_no_notice() {
        for letter in [
            "Ai sensi del Regolamento UE 2016/679 chiedo la cancellazione dei miei dati.",
            "Ai sensi dell'art. 15 del Regolamento UE 2016/679 si richiede l'accesso ai dati personali.",
            "Ai sensi del Regolamento UE 2016/679 il titolare del trattamento deve rispondere entro un mese.",
            "Le informazioni contenute in questa bolletta sono sbagliate.",
            "Questo messaggio è il terzo: per errore mi avete iscritto due volte, e la cosa è riservata.",
            "La presente comunicazione vale come messa in mora del destinatario e resta riservata tra le parti.",
            "Le informazioni contenute nella bolletta dei destinatari sono riservate.",
            "Questa comunicazione è per il sindaco: il titolare del trattamento non rispetta la privacy dei destinatari.",
            "Avviso che il bidone è stato distrutto dai vostri operatori.",
            "Prima di stampare le bollette controllate i dati: l'ambiente ringrazia.",
        ] {
            assert_eq!(left(letter), letter);
            assert_eq!(left(&format!("Buongiorno.\n\n{letter}")), format!("Buongiorno.\n\n{letter}"));
        }
    }

    #[test]
    fn a_notice_in_the_middle_stays() {
        let text = "Mi avete scritto così:\n\nLe informazioni contenute in questa comunicazione sono riservate; se ricevuta per \
                    errore va distrutta.\n\nMa l'avete spedita a tutto il condominio.";
        assert_eq!(left(text), text);
    }
}
