//! Answers in JSON and XML, and refusals in the shape of the standard.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::web::{api::problem::Problem, xml};

/// The format that the end of an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// What a file's name says: what is asked for, and in which format.
#[must_use]
pub fn split(file: &str) -> Option<(&str, Format)> {
    let (name, ending) = file.rsplit_once('.')?;
    let format = match ending {
        "json" => Format::Json,
        "xml" => Format::Xml,
        _ => return None,
    };
    (!name.is_empty()).then_some((name, format))
}

impl Format {
    /// The answer: `json` as it is, `xml` below an element named `root`.
    pub fn answer(
        self,
        status: StatusCode,
        json: &impl Serialize,
        root: &str,
        xml: &impl Serialize,
    ) -> Response {
        let written = match self {
            Self::Json => serde_json::to_string(json).map_err(anyhow::Error::from),
            Self::Xml => {
                quick_xml::se::to_string_with_root(root, xml).map(|text| document(&text)).map_err(Into::into)
            }
        };
        match written {
            Ok(text) => (status, [(header::CONTENT_TYPE, self.media_type())], text).into_response(),
            Err(error) => (Problem::internal(&error).status(), "").into_response(),
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "text/xml; charset=utf-8",
        }
    }

    /// The refusal: one entry for each thing that is wrong.
    pub fn refuse(self, problem: &Problem) -> Response {
        // The standard has no word for 401: a key that is missing or wrong is 403.
        let status = match problem.status() {
            StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        let error = |description| Refusal { code: status.as_u16(), description };
        let errors: Vec<Refusal> = problem.sentences().into_iter().map(error).collect();
        let mut answer = self.answer(status, &errors, "errors", &Refusals { error: &errors });
        if let Some((name, value)) = problem.wait().map(crate::web::limit::Wait::header) {
            answer.headers_mut().insert(name, value);
        }
        answer
    }
}

#[derive(Serialize)]
struct Refusal {
    code: u16,
    description: String,
}

#[derive(Serialize)]
struct Refusals<'a> {
    error: &'a [Refusal],
}

fn document(text: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}", xml::legal(text))
}

/// An address that is none of ours.
pub async fn nothing(rest: Option<Path<String>>) -> Response {
    let file = rest.map(|Path(rest)| rest).unwrap_or_default();
    split(&file).map_or(Format::Json, |(_, format)| format).refuse(&Problem::not_found())
}

/// An address that does not know the method.
pub async fn not_so() -> Response {
    Format::Json.refuse(&Problem::bad_method())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_format() {
        assert_eq!(split("services.json"), Some(("services", Format::Json)));
        assert_eq!(split("2026-000001.xml"), Some(("2026-000001", Format::Xml)));
        for none in ["services", ".json", "services.html", ""] {
            assert_eq!(split(none), None, "{none}");
        }
    }

    #[test]
    fn nothing_breaks_the_document() {
        assert_eq!(document("<a>b\u{0}\u{8}\u{fffe}c</a>").lines().last(), Some("<a>bc</a>"));
    }
}
