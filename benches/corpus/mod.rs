//! Mails to take in: the same ones each time. 60% new letters, 30% replies to earlier ones by the same sender, 10% new with
//! one attachment of 50 to 500 KB; all multipart/alternative, 1 to 6 KB of text.

use rand::{RngExt, SeedableRng, rngs::SmallRng};

const SENTENCES: &[&str] = &[
    "Buongiorno, scrivo in merito a quanto indicato in oggetto e chiedo un riscontro.",
    "Il cassonetto della carta non viene svuotato da due settimane, benché il calendario preveda il lunedì.",
    "Ho già provveduto al pagamento, come risulta dalla ricevuta che posso trasmettere in qualunque momento.",
    "La superficie indicata nell'avviso non è quella dell'abitazione: è già stata comunicata più volte.",
    "Resto in attesa di una cortese risposta e vi ringrazio fin d'ora per l'attenzione.",
    "Nel condominio siamo in otto famiglie e il problema riguarda tutti, non soltanto me.",
];

/// `count` mails, oldest first.
pub fn mails(count: usize) -> Vec<Vec<u8>> {
    let mut random = SmallRng::seed_from_u64(42);
    let mut first_of: Vec<(usize, usize)> = Vec::new(); // mail, sender
    (0..count)
        .map(|n| {
            let kind = random.random_range(0..10);
            let earlier = if first_of.is_empty() {
                None
            } else {
                Some(first_of[random.random_range(0..first_of.len())])
            };
            let reply = earlier.filter(|_| kind < 3);
            let sender = reply.map_or_else(|| random.random_range(0..2000), |(_, sender)| sender);
            if reply.is_none() {
                first_of.push((n, sender));
            }
            let attachment = (kind == 9).then(|| random.random_range(50_000..500_000));
            mail(&mut random, n, sender, reply.map(|(mail, _)| mail), attachment)
        })
        .collect()
}

fn mail(
    random: &mut SmallRng,
    n: usize,
    sender: usize,
    answers: Option<usize>,
    attachment: Option<usize>,
) -> Vec<u8> {
    let paragraphs: Vec<String> = (0..random.random_range(2..6))
        .map(|_| {
            (0..random.random_range(2..8))
                .map(|_| SENTENCES[random.random_range(0..SENTENCES.len())])
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let text = paragraphs.join("\r\n\r\n");
    let html: String = paragraphs.iter().map(|paragraph| format!("<p>{paragraph}</p>\r\n")).collect();
    let alternative = format!(
        "Content-Type: multipart/alternative; boundary=\"alt{n}\"\r\n\r\n\
         --alt{n}\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n\
         --alt{n}\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body>{html}</body></html>\r\n--alt{n}--\r\n"
    );
    let thread = answers
        .map(|mail| {
            format!("In-Reply-To: <{mail}@libero.example>\r\nReferences: <{mail}@libero.example>\r\n")
        })
        .unwrap_or_default();
    let head = format!(
        "From: Cittadino {sender} <c{sender}@libero.example>\r\nTo: reclami@ente.example\r\nSubject: Segnalazione {n}\r\n\
         Message-ID: <{n}@libero.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\n{thread}"
    );
    match attachment {
        None => format!("{head}{alternative}").into_bytes(),
        Some(size) => {
            let bytes: Vec<u8> = (0..size).map(|_| random.random()).collect();
            let encoded = data_encoding::BASE64.encode(&bytes);
            let lines: Vec<&str> = encoded
                .as_bytes()
                .chunks(76)
                .map(|line| std::str::from_utf8(line).expect("base 64"))
                .collect();
            format!(
                "{head}Content-Type: multipart/mixed; boundary=\"mix{n}\"\r\n\r\n--mix{n}\r\n{alternative}\r\n\
                 --mix{n}\r\nContent-Type: application/pdf; name=\"documento.pdf\"\r\nContent-Disposition: attachment; filename=\"documento.pdf\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--mix{n}--\r\n",
                lines.join("\r\n")
            )
            .into_bytes()
        }
    }
}
