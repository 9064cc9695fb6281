//! `mail explain FILE`: what the edge makes of a mail, as JSON. Touches neither configuration nor database.

use std::{io::Read, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::Subcommand;
use riscontro::{
    channel::email::parse::parse,
    domain::mail::{self, MailKind},
};
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Mail {
    /// Print what a mail is taken for, as JSON.
    Explain {
        /// The mail (.eml), or - for standard input.
        file: PathBuf,
    },
}

pub(crate) fn run(mail: &Mail) -> Result<ExitCode> {
    let Mail::Explain { file } = mail;
    let raw = if file.as_os_str() == "-" {
        let mut raw = Vec::new();
        std::io::stdin().read_to_end(&mut raw).context("standard input cannot be read")?;
        raw
    } else {
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?
    };
    println!("{:#}", explain(&parse(&raw)));
    Ok(ExitCode::SUCCESS)
}

fn explain(mail: &mail::Mail) -> Value {
    let kind = match mail.kind {
        MailKind::Letter => "letter",
        MailKind::AutoReply => "auto_reply",
        MailKind::Bounce => "bounce",
    };
    let files: Vec<Value> = mail
        .attachments
        .iter()
        .map(|file| {
            json!({
                "name": file.name,
                "media_type": file.media_type,
                "size": file.bytes.len(),
                "inline": file.content_id.is_some(),
            })
        })
        .collect();
    json!({
        "kind": kind,
        "auto": mail.kind.is_automatic(),
        "from": mail.sender(),
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "text": mail.text,
        "html": mail.html,
        "attachments": files,
    })
}
