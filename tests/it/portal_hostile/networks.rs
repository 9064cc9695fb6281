//! Browsers of several networks. The tests' own line is a loopback one, which is believed when it says for whom it asks.

use axum::{
    body::Body,
    http::{Method, Request, header},
};

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    citizen::urlencoded,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// Somebody in a network.
#[derive(Clone)]
pub struct Somebody {
    browser: Browser,
    address: &'static str,
}

impl Somebody {
    /// Somebody whose browser has this address (IPv4).
    pub fn at(house: &TestApp, address: &'static str) -> Self {
        Self { browser: house.browser(), address }
    }

    /// Somebody else at the same door: whom its counters know.
    pub fn other(&self, address: &'static str) -> Self {
        Self { address, ..self.clone() }
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.post_body(path, FORM, urlencoded(&fields).into_bytes()).await
    }

    /// Sends any body.
    pub async fn post_body(&mut self, path: &str, media: &str, body: impl Into<Body>) -> Page {
        let request = self.request(path, media, None, body);
        self.browser.receive(request).await
    }

    /// Sends any request.
    pub async fn receive(&mut self, request: Request<Body>) -> Page {
        self.browser.receive(request).await
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.browser.get(path).await
    }

    /// A form of this length, as its head says it; nothing is said of the length when it is `None`.
    pub fn request(
        &self,
        path: &str,
        media: &str,
        length: Option<usize>,
        body: impl Into<Body>,
    ) -> Request<Body> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::ORIGIN, "http://localhost:8080")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", self.address)
            .header(header::CONTENT_TYPE, media);
        if let Some(length) = length {
            request = request.header(header::CONTENT_LENGTH, length);
        }
        request.body(body.into()).unwrap()
    }

    /// Past the first step of a report: the address of the second.
    pub async fn begins(&mut self) -> String {
        let begun = self.post("/sportello/ente/disruption/1", &[("privacy", "on")]).await;
        assert_eq!(begun.status, 303, "{}", begun.words());
        begun.location.unwrap()
    }

    /// A report up to its summary: the address of that.
    pub async fn fills(&mut self, email: &str) -> String {
        let at = self.begins().await;
        self.goes_on(&at, email).await
    }

    /// From the second step to the summary.
    pub async fn goes_on(&mut self, second: &str, email: &str) -> String {
        let data = [
            ("place", "via Solferino 12"),
            ("what", "full_bins"),
            ("title", "Pieno"),
            ("details", "Da lunedì."),
        ];
        let answered = self.post(second, &data).await;
        assert_eq!(answered.status, 303, "{}", answered.words());
        let contacts = [("surname", "Bianchi"), ("email", email)];
        let answered = self.post(&answered.location.unwrap(), &contacts).await;
        assert_eq!(answered.status, 303, "{}", answered.words());
        answered.location.unwrap()
    }

    /// Sends what stands on the summary.
    pub async fn sends(&mut self, summary: &str) -> Page {
        self.post(summary, &[("terms", "on")]).await
    }
}

/// Whether a form was taken: it leads to its receipt.
pub fn is_taken(page: &Page) -> bool {
    page.status == 303 && page.location.as_ref().is_some_and(|to| to.contains("/inviata?b="))
}
