//! The doors of apps: JSON, multipart, the other standard.

use axum::http::Method;
use rand::{RngExt, seq::IndexedRandom};
use serde_json::{Map, Value, json};

use super::{Siege, doors::FORM, poison};
use crate::support::citizen::{Citizen, multipart, urlencoded};

impl Siege {
    fn word(&mut self) -> String {
        format!("{}-{}", self.turn, self.random.random::<u32>())
    }

    /// The answers of an app, some of them changed for worse.
    fn words_of_an_app(&mut self) -> Value {
        let kind = self.kind();
        let mut citizen: Map<String, Value> =
            self.citizen(kind).answers().into_iter().map(|(name, answer)| (name, json!(answer))).collect();
        let share = *[0, 5, 20, 60].choose(&mut self.random).unwrap();
        let names: Vec<String> = citizen.keys().cloned().collect();
        for name in names {
            if self.often(share) {
                let value = match self.random.random_range(0..14) {
                    0 => json!([poison::text(&mut self.random)]),
                    1 => json!({ poison::MARK: poison::text(&mut self.random) }),
                    2 => json!(1e308),
                    3 => Value::Null,
                    4 => json!(true),
                    _ => json!(self.harm(&name)),
                };
                citizen.insert(name, value);
            }
        }
        if let Some(address) = citizen.get("email").and_then(Value::as_str).map(str::to_owned) {
            self.note(&address);
        }
        if share > 0 && self.often(10) {
            let many = self.random.random_range(1..400);
            citizen.extend((0..many).map(|n| (format!("{}{n}", poison::MARK), json!(poison::MARK))));
        }
        let mut words = json!({ "kind": kind, "language": "it", "answers": citizen });
        if share > 0 && self.often(15) {
            let (name, value) = match self.random.random_range(0..6) {
                0 => ("kind", json!(poison::text(&mut self.random))),
                1 => ("language", json!(poison::text(&mut self.random))),
                2 => ("uploads", json!(vec!["00000000-0000-0000-0000-000000000000"; 12])),
                3 => ("uploads", json!([poison::text(&mut self.random)])),
                4 => ("answers", json!(poison::text(&mut self.random))),
                _ => (poison::MARK, json!(1)),
            };
            words[name] = value;
        }
        words
    }

    /// JSON that is bent where a program would not bend it.
    pub async fn json_of_an_app(&mut self) {
        let words = self.words_of_an_app();
        let plain = words.to_string();
        let body = match self.random.random_range(0..40) {
            0 => "[".repeat(100_000),
            1 => format!("{{\"answers\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000)),
            2 => plain.replacen(poison::MARK, "\\ud800", 1),
            3 => plain.replacen(poison::MARK, "\\udfff\\u0000", 1),
            4 => plain.replacen(poison::MARK, "\\u0000", 1),
            5 => plain.replace('"', "'"),
            6 => format!("\u{feff}{plain}"),
            7 => format!("{plain}{plain}"),
            8 => plain.replacen("{\"answers\"", "{\"kind\":\"x\",\"kind\":\"y\",\"answers\"", 1),
            9 => plain.chars().take(plain.chars().count() / 2).collect(),
            10 => format!("{{\"a\":\"{}\"}}", "x".repeat(300_000)),
            11 => format!("{{\"a\":{}}}", "9".repeat(5_000)),
            12 => "null".to_owned(),
            13 => String::new(),
            _ => plain,
        };
        let mut bytes = body.clone().into_bytes();
        if self.often(3) {
            let at = self.random.random_range(0..=bytes.len());
            bytes.splice(at..at, [0xff, 0xfe, 0xc0]);
        }
        let media = match self.random.random_range(0..30) {
            0 => "text/plain",
            1 => "application/json; charset=utf-7",
            2 => "application/xml",
            _ => "application/json",
        };
        let word = self.word();
        let request = self.call("/api/v1/ente/requests", media, &word, bytes);
        self.knock(request, &body).await;
    }

    /// Words and files together, or a file beforehand.
    pub async fn multipart_of_an_app(&mut self) {
        let words = self.words_of_an_app().to_string();
        let beforehand = self.often(40);
        let (path, field, fields) = if beforehand {
            ("/api/v1/ente/uploads", "file", Vec::new())
        } else {
            ("/api/v1/ente/requests", "files", vec![("request".to_owned(), words.clone())])
        };
        let (media, body) =
            if self.often(80) { self.poisoned_form(field, &fields) } else { multipart(&fields, &[]) };
        let (media, body) = self.bent(media, body);
        let word = self.word();
        let request = self.call(path, &media, &word, body);
        self.knock(request, &words).await;
        if beforehand {
            // Space for the next ones: an app has only so many files that wait.
            self.house.forget_uploads().await;
        }
    }

    /// The other standard.
    pub async fn open311(&mut self) {
        let kind = self.kind();
        let address = Citizen::address(self.turn);
        let mut fields: Vec<(String, String)> = [
            ("service_code", kind),
            ("description", "xqzj il contenitore è pieno"),
            ("address_string", "Via dei Tigli 3"),
            ("email", &address),
            ("first_name", "xqzj Anna"),
            ("last_name", "Prova"),
            ("api_key", &self.key),
            ("lat", "44.35"),
            ("long", "10.58"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let share = *[0, 10, 40].choose(&mut self.random).unwrap();
        fields = self.poisoned(fields, share);
        let ending = *["json", "xml"].choose(&mut self.random).unwrap();
        let body = urlencoded(&fields).into_bytes();
        let (media, body) = self.bent(FORM.to_owned(), body);
        let word = self.word();
        let request = self.call(&format!("/open311/ente/v2/requests.{ending}"), &media, &word, body);
        self.knock(request, &fields).await;
        let question = urlencoded(&[
            ("service_request_id".to_owned(), poison::text(&mut self.random)),
            ("start_date".to_owned(), poison::text(&mut self.random)),
        ]);
        let question: String = question.chars().take(4_000).collect();
        let request = Self::browse(
            Method::GET,
            &format!("/open311/ente/v2/requests.{ending}?{question}"),
            FORM,
            Vec::new(),
        );
        self.knock(request, "a question").await;
    }
}
