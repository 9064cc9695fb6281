//! What Dovecot is told. Version 2.4 (Debian 13) renamed half the settings of 2.3 (Debian 12), so the parts that differ
//! are written twice.

use std::path::Path;
use std::process::Command;

use super::process::Owner;

/// Everything that differs from one test server to another.
pub struct Settings<'a> {
    pub home: &'a Path,
    /// IMAP with STARTTLS, IMAP over TLS.
    pub ports: [u16; 2],
    pub mail_owner: Owner,
    pub password: &'a str,
    /// Where a token is checked; without it, the password counts.
    pub introspection: Option<&'a str>,
    pub under_root: bool,
}

/// The configuration file for the version of this program.
pub fn for_version_of(program: &Path, settings: &Settings<'_>) -> String {
    let output = Command::new(program).arg("--version").output().expect("dovecot runs");
    let version = String::from_utf8_lossy(&output.stdout);
    let of_version = if version.starts_with("2.3") { of_2_3(settings) } else { of_2_4(settings) };
    format!("{of_version}{}{}", common(settings), services(settings))
}

fn common(settings: &Settings<'_>) -> String {
    let home = settings.home.display();
    let mechanisms = if settings.introspection.is_some() { "xoauth2" } else { "plain login" };
    format!(
        "base_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
auth_mechanisms = {mechanisms}
first_valid_uid = 1
mail_fsync = never
mail_max_userip_connections = 50
namespace inbox {{
  inbox = yes
  separator = /
}}
"
    )
}

/// Ports, and no chroot: it needs root, and the directories it wants are not in our home.
fn services(settings: &Settings<'_>) -> String {
    let [starttls_port, tls_port] = settings.ports;
    let ports = format!(
        "service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"
    );
    if settings.under_root {
        return ports;
    }
    // Not root: the parts of the server run under the tests' own user.
    let own = |option: &str| {
        let output = Command::new("id").arg(option).output().expect("id runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let (user, group) = (own("-un"), own("-gn"));
    format!(
        "{ports}default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}\n"
    )
}

/// What 2.3 reads from a file of its own about tokens.
pub fn oauth2(settings: &Settings<'_>) -> String {
    let introspection = settings.introspection.unwrap_or_default();
    format!(
        "introspection_mode = post
introspection_url = {introspection}
username_attribute = username
active_attribute = active
active_value = true
"
    )
}

fn of_2_3(settings: &Settings<'_>) -> String {
    let Settings { home, password, mail_owner: Owner { uid, gid }, .. } = settings;
    let home = home.display();
    let (driver, arguments) = match settings.introspection {
        Some(_) => ("oauth2", format!("{home}/oauth2.conf")),
        None => ("static", format!("password={password}")),
    };
    format!(
        "ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
mail_location = maildir:~/Maildir
passdb {{
  driver = {driver}
  args = {arguments}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u allow_all_users=yes
}}
"
    )
}

fn of_2_4(settings: &Settings<'_>) -> String {
    let Settings { home, password, mail_owner: Owner { uid, gid }, .. } = settings;
    let home = home.display();
    let passdb = match settings.introspection {
        Some(introspection) => format!(
            "oauth2 {{
  introspection_mode = post
  introspection_url = {introspection}
  username_attribute = username
  active_attribute = active
  active_value = true
}}
passdb oauth2 {{
}}"
        ),
        None => format!("passdb static {{\n  password = {password}\n}}"),
    };
    format!(
        "dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
ssl_server_cert_file = {home}/cert.pem
ssl_server_key_file = {home}/key.pem
mail_driver = maildir
mail_path = ~/Maildir
{passdb}
userdb static {{
  allow_all_users = yes
  fields {{
    uid = {uid}
    gid = {gid}
    home = {home}/mail/%{{user}}
  }}
}}
"
    )
}
