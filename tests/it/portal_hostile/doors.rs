//! The doors of citizens: forms, personal pages, and anything at any door.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use rand::{RngExt, seq::IndexedRandom};

use super::{KINDS, Siege, poison};
use crate::support::{
    browser::Page,
    citizen::{multipart, urlencoded},
    html,
};

pub const FORM: &str = "application/x-www-form-urlencoded";
/// Steps of a form, and as many mistakes.
const PATIENCE: usize = 12;

impl Siege {
    pub fn kind(&mut self) -> &'static str {
        KINDS.choose(&mut self.random).unwrap()
    }

    /// A form is filled, step after step; on the way something is wrong with some of the fields.
    pub async fn form_by_steps(&mut self) {
        let kind = self.kind();
        let citizen = self.citizen(kind);
        let mut here = format!("/sportello/ente/{kind}");
        // How much harm is meant.
        let share = *[0, 5, 20, 60].choose(&mut self.random).unwrap();
        let mut mistaken = false;
        for _ in 0..PATIENCE {
            let page = self.follow(&here).await;
            let Some((at, page)) = page else { return };
            if at.contains("/inviata") {
                return;
            }
            let forms = html::forms(&page.body);
            let Some(form) = forms.iter().find(|form| form.method == "post") else { return };
            // Who was refused once mends it, or gives up.
            let harm = if mistaken { 0 } else { share };
            if mistaken && self.often(30) {
                return;
            }
            let mut fields = self.poisoned(citizen.fill(form, None), harm);
            if self.often(harm / 3) {
                fields.push(("action".to_owned(), self.button()));
            }
            let file = form.fields.iter().find(|field| field.kind == "file").map(|field| field.name.clone());
            let (media, body) = match file {
                Some(field) if self.often(if mistaken { 0 } else { 40 }) => {
                    self.poisoned_form(&field, &fields)
                }
                Some(_) => multipart(&fields, &[]),
                None => (FORM.to_owned(), urlencoded(&fields).into_bytes()),
            };
            let target = if form.action.is_empty() { at.clone() } else { form.action.clone() };
            let (media, body) = if harm > 0 { self.bent(media, body) } else { (media, body) };
            let request = Self::browse(Method::POST, &target, &media, body);
            let answer = self.knock(request, &fields).await;
            mistaken = answer.status != 303;
            here = answer.location.unwrap_or(at);
        }
    }

    /// Opens a page and goes where it leads.
    async fn follow(&mut self, path: &str) -> Option<(String, Page)> {
        let mut here = path.to_owned();
        for _ in 0..4 {
            let request = Self::browse(Method::GET, &here, FORM, Vec::new());
            let page = self.knock(request, "a page").await;
            match &page.location {
                Some(to) => here = to.trim_start_matches("http://localhost:8080").to_owned(),
                None if page.status == 200 => return Some((here, page)),
                None => return None,
            }
        }
        None
    }

    /// A button that is not the next one, or none at all.
    fn button(&mut self) -> String {
        match self.random.random_range(0..7) {
            0 => "back".to_owned(),
            1 => "keep".to_owned(),
            2 | 3 => "resume".to_owned(),
            4 => format!("remove:{}", uuid::Uuid::now_v7()),
            5 => format!("position:{}", poison::text(&mut self.random)),
            _ => poison::text(&mut self.random),
        }
    }

    /// Some of the answers are changed for worse, doubled, left out; some are added that nobody asked for.
    pub fn poisoned(&mut self, fields: Vec<(String, String)>, percent: u32) -> Vec<(String, String)> {
        let mut poisoned = Vec::new();
        for (name, value) in fields {
            let formal = value.len() > 60 || name == "b" || name == "token";
            if formal || !self.often(percent) {
                if name == "email" {
                    self.note(&value);
                }
                poisoned.push((name, value));
                continue;
            }
            match self.random.random_range(0..12) {
                0 => {}
                1 => poisoned
                    .extend([(name.clone(), value.clone()), (name.clone(), poison::text(&mut self.random))]),
                2 => poisoned.push((format!("{name}[]"), poison::text(&mut self.random))),
                _ => {
                    let value = self.harm(&name);
                    poisoned.push((name, value));
                }
            }
        }
        if self.often(percent / 4) {
            let unknown = self.random.random_range(1..300);
            poisoned.extend((0..unknown).map(|n| (format!("{}{n}", poison::MARK), poison::MARK.to_owned())));
        }
        poisoned
    }

    pub fn harm(&mut self, name: &str) -> String {
        if matches!(name, "email" | "resume-address") {
            let address = poison::address(&mut self.random);
            self.note(&address);
            address
        } else {
            poison::text(&mut self.random)
        }
    }

    /// A body that is not what its head says.
    pub fn bent(&mut self, media: String, mut body: Vec<u8>) -> (String, Vec<u8>) {
        match self.random.random_range(0..60) {
            0 => ("application/json".to_owned(), body),
            1 => ("multipart/form-data".to_owned(), body),
            2 => ("multipart/form-data; boundary=".to_owned(), body),
            3 => (format!("multipart/form-data; boundary={}", "b".repeat(300)), body),
            4 => (format!("{FORM}; charset=utf-16"), body),
            5 => {
                body.extend(b"&name=%ff%fe%zz&=&%&text=\xff\xfe");
                (media, body)
            }
            6 => {
                body.truncate(self.random.random_range(0..=body.len()));
                (media, body)
            }
            7 => {
                for _ in 0..8 {
                    let at = self.random.random_range(0..body.len().max(1));
                    if let Some(byte) = body.get_mut(at) {
                        *byte = self.random.random();
                    }
                }
                (media, body)
            }
            _ => (media, body),
        }
    }

    /// Anything at any door, from anywhere.
    pub async fn bytes_at_any_door(&mut self) {
        const DOORS: &[&str] = &[
            "/sportello/ente/disruption/2",
            "/sportello/ente/disruption/9",
            "/sportello/ente/complaint/4",
            "/sportello/ente/segui",
            "/sportello/ente/segui/link",
            "/sportello/ente/segui-questa",
            "/sportello/ente/conferma/",
            "/sportello/ente/inviata",
            "/sportello/ente/vicino",
            "/sportello/ente/elenco",
            "/sportello/ente/avvisi/",
            "/sportello/ente/servizi/",
            "/sportello/",
            "/api/v1/ente/requests/",
            "/api/v1/ente/kinds/",
            "/api/v1/ente/citizens/codes",
            "/api/v1/ente/webhooks",
            "/open311/ente/v2/",
        ];
        let door = *DOORS.choose(&mut self.random).unwrap();
        let part = urlencoded(&[(String::new(), poison::text(&mut self.random))]);
        let part: String = part.trim_start_matches('=').replace('+', "%20").chars().take(3_000).collect();
        let path = if door.ends_with('/') {
            format!("{door}{part}?b={part}&lang={part}")
        } else {
            format!("{door}?b={part}&q={part}&after={part}&lat={part}&lon={part}&indirizzo={part}")
        };
        let method = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS];
        let method = method.choose(&mut self.random).unwrap().clone();
        let body: Vec<u8> = (0..self.random.random_range(0..2_000)).map(|_| self.random.random()).collect();
        let media = *[FORM, "application/json", "multipart/form-data; boundary=x", "text/xml", "\u{e9}"]
            .choose(&mut self.random)
            .unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(&path)
            .header(header::HOST, "localhost:8080")
            .header(header::CONTENT_TYPE, header::HeaderValue::from_bytes(media.as_bytes()).unwrap());
        let stranger = self.often(50);
        if stranger {
            request = request.header(header::ORIGIN, "https://evil.example");
            request = request.header("sec-fetch-site", "cross-site");
        }
        if self.often(30) {
            let key = self.key.clone();
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if self.often(20) {
            request = request.header(header::CONTENT_LENGTH, "99999999999");
        }
        let wrote = request.method_ref() == Some(&Method::POST);
        let page = self.knock(request.body(Body::from(body)).unwrap(), "bytes").await;
        let browsers = door.starts_with("/sportello");
        assert!(!(stranger && wrote && browsers) || page.status >= 400, "{path}: a foreign page sent a form");
    }

    /// Who has a link, or says so.
    pub async fn personal_page(&mut self) {
        let Some(link) = self.some_link().await else { return };
        let base = format!("/sportello/ente/segui/{link}");
        let text = poison::text(&mut self.random);
        let address = poison::address(&mut self.random);
        let fields = vec![
            ("token".to_owned(), uuid::Uuid::now_v7().to_string()),
            ("text".to_owned(), text.clone()),
            ("told_by".to_owned(), poison::text(&mut self.random)),
        ];
        let (path, media, body) = match self.random.random_range(0..9) {
            0..3 => {
                let (media, body) = self.poisoned_form("files", &fields);
                let (media, body) = self.bent(media, body);
                (format!("{base}/risposta"), media, body)
            }
            3 => (format!("{base}/contesta"), FORM.to_owned(), urlencoded(&fields).into_bytes()),
            4 => (format!("{base}/avvisi"), FORM.to_owned(), urlencoded(&fields).into_bytes()),
            5 => (format!("{base}/conferma"), FORM.to_owned(), Vec::new()),
            6 => {
                self.note(&address);
                let asked = [("number".to_owned(), "2026/000001".to_owned()), ("email".to_owned(), address)];
                ("/sportello/ente/segui/link".to_owned(), FORM.to_owned(), urlencoded(&asked).into_bytes())
            }
            7 => {
                self.note(&address);
                let asked = [("ref".to_owned(), text.clone()), ("email".to_owned(), address)];
                ("/sportello/ente/segui-questa".to_owned(), FORM.to_owned(), urlencoded(&asked).into_bytes())
            }
            _ => {
                let asked = [("number".to_owned(), text.clone()), ("code".to_owned(), text.clone())];
                ("/sportello/ente/segui".to_owned(), FORM.to_owned(), urlencoded(&asked).into_bytes())
            }
        };
        let request = Self::browse(Method::POST, &path, &media, body);
        self.knock(request, &fields).await;
    }
}
