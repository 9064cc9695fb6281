//! The notices as a feed (Atom, RFC 4287), for readers, municipal web sites and apps.

use std::io;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use entity::notice::Model;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::all;
use crate::{
    app::App,
    web::{
        error::{Error, Result},
        portal::Hall,
        xml,
    },
    wording::{Value, say, say_with},
};

/// How long readers may keep it, in seconds.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET avvisi.atom`.
pub async fn feed(State(app): State<App>, hall: Hall) -> Result<Response> {
    let (current, over) = all(&app, &hall).await?;
    let notices: Vec<Model> = current.into_iter().chain(over).collect();
    let xml = Feed { hall: &hall, url: hall.url(&app, "") }.write(&notices);
    let xml = xml.map_err(|error| Error::Internal(error.into()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/atom+xml; charset=utf-8")),
        (header::CACHE_CONTROL, if hall.preview { HeaderValue::from_static("no-store") } else { KEPT }),
        (header::VARY, HeaderValue::from_static("Cookie, Accept-Language")),
    ];
    Ok((headers, xml).into_response())
}

struct Feed<'a> {
    hall: &'a Hall,
    url: String,
}

type Out = Writer<Vec<u8>>;

impl Feed<'_> {
    fn write(&self, notices: &[Model]) -> io::Result<Vec<u8>> {
        let hall = self.hall;
        let name = Value::from(hall.organisation.name.clone());
        let title = say_with(hall.language, "site-feed-title", &[("organisation", name)]);
        // A feed without entries has changed when its owner began.
        let updated = notices.iter().map(|notice| notice.updated_at).max();
        let updated = updated.unwrap_or(hall.organisation.created_at);
        let lang = hall.language.tag();
        let own = format!("{}/avvisi.atom?lang={lang}", self.url);
        let mut out = Writer::new(Vec::new());
        out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let feed = out.create_element("feed");
        let feed = feed.with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", lang)]);
        feed.write_inner_content(|out| {
            text(out, "id", &own)?;
            text(out, "title", &title)?;
            text(out, "updated", &written(updated))?;
            link(out, "self", &own)?;
            link(out, "alternate", &format!("{}/avvisi", self.url))?;
            out.create_element("author")
                .write_inner_content(|out| text(out, "name", &hall.organisation.name))?;
            notices.iter().try_for_each(|notice| self.entry(out, notice))
        })?;
        Ok(out.into_inner())
    }

    fn entry(&self, out: &mut Out, notice: &Model) -> io::Result<()> {
        let language = self.hall.language;
        let title = notice.title.in_(language);
        let title = match notice.restored_at {
            Some(_) => format!("{}: {title}", say(language, "site-notice-restored")),
            None => title.to_owned(),
        };
        let parts = [&notice.restored, &notice.text, &notice.impact, &notice.alternatives];
        let parts = parts.map(|words| words.in_(language)).into_iter().filter(|words| !words.is_empty());
        let content = parts.collect::<Vec<_>>().join("\n\n");
        out.create_element("entry").write_inner_content(|out| {
            text(out, "id", &format!("urn:uuid:{}", notice.id))?;
            text(out, "title", &title)?;
            text(out, "updated", &written(notice.updated_at))?;
            if let Some(at) = notice.published_at {
                text(out, "published", &written(at))?;
            }
            link(out, "alternate", &format!("{}/avvisi/{}", self.url, notice.id))?;
            text(out, "content", &content)
        })?;
        Ok(())
    }
}

fn text(out: &mut Out, name: &str, words: &str) -> io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(&xml::legal(words)))?;
    Ok(())
}

fn link(out: &mut Out, rel: &str, href: &str) -> io::Result<()> {
    out.create_element("link").with_attributes([("rel", rel), ("href", href)]).write_empty()?;
    Ok(())
}

/// RFC 3339, in UTC.
fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
