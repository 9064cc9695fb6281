//! Builds the front end inside `cargo build` and writes the tables that embed it.
//!
//! `npm ci` runs when the lock file changed, `assets/build.mjs` when one of its inputs did; the result lands in
//! `OUT_DIR`, so nothing built and nothing third-party is committed. `RISCONTRO_ASSETS` names a folder built
//! beforehand with `node assets/build.mjs DIR`, for packagers and for machines without Node.
//!
//! A release build carries the templates too (cfg `embedded_templates`). A debug build reads them from the
//! checkout at run time, so that editing a page costs no compilation: there cargo must not watch them.

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

/// What goes into the front end. Never the whole of `assets`: `node_modules` lives inside it.
const INPUTS: &[&str] = &[
    "assets/.npmrc",
    "assets/build.mjs",
    "assets/icons.txt",
    "assets/img",
    "assets/js",
    "assets/package.json",
    "assets/package-lock.json",
    "assets/scss",
];
const OLDEST_NODE: u32 = 20;
const REMEDY: &str = "Install Node.js 20 or newer with npm (Debian, Ubuntu: apt install nodejs npm; others: \
                      https://nodejs.org), or set RISCONTRO_ASSETS to a folder built elsewhere with \
                      `node assets/build.mjs DIR`.";

type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            println!("cargo::error={problem}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Outcome<()> {
    println!("cargo::rerun-if-env-changed=RISCONTRO_ASSETS");
    println!("cargo::rustc-check-cfg=cfg(embedded_templates)");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let assets = if let Some(folder) = env::var_os("RISCONTRO_ASSETS") {
        prebuilt(Path::new(&folder))?
    } else {
        bundle(&out)?
    };
    write(&out.join("assets.rs"), &asset_tables(&assets)?)?;
    write(&out.join("document_fonts.rs"), &font_table(&assets.join("document"))?)?;

    if variable("PROFILE")? != "debug" {
        println!("cargo::rustc-cfg=embedded_templates");
        println!("cargo::rerun-if-changed=templates");
        write(&out.join("templates.rs"), &template_table(Path::new("templates"))?)?;
    }
    Ok(())
}

fn prebuilt(folder: &Path) -> Outcome<PathBuf> {
    println!("cargo::rerun-if-changed={}", folder.join("manifest.tsv").display());
    folder.canonicalize().map_err(|e| format!("RISCONTRO_ASSETS={}: {e}", folder.display()))
}

/// Runs Node unless `OUT_DIR` already holds the result for these very inputs.
fn bundle(out: &Path) -> Outcome<PathBuf> {
    let mut fingerprint = DefaultHasher::new();
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
        for file in files_in(Path::new(input))? {
            (&file, read(&file)?).hash(&mut fingerprint);
        }
    }
    let fingerprint = fingerprint.finish().to_string();
    let (assets, stamp) = (out.join("assets"), out.join("assets.stamp"));
    if fs::read_to_string(&stamp).is_ok_and(|seen| seen == fingerprint) {
        return Ok(assets);
    }

    // An editor and a terminal may build at once, each with its own target folder but one node_modules.
    let turn = File::create("assets/.install.lock").map_err(|e| format!("assets/.install.lock: {e}"))?;
    turn.lock().map_err(|e| format!("assets/.install.lock: {e}"))?;
    check_node()?;
    install()?;
    run(Command::new("node").arg("assets/build.mjs").arg(&assets))?;
    write(&stamp, &fingerprint)?;
    Ok(assets)
}

fn check_node() -> Outcome<()> {
    let answer = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|e| format!("`node` does not start ({e}); the pages cannot be built. {REMEDY}"))?;
    let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major.is_some_and(|major| major >= OLDEST_NODE) {
        Ok(())
    } else {
        Err(format!("Node.js {version} is too old to build the pages. {REMEDY}"))
    }
}

/// `npm ci`, once per lock file: the copy of it inside `node_modules` says which one is installed.
fn install() -> Outcome<()> {
    let stamp = Path::new("assets/node_modules/.installed-lock.json");
    let lock = read(Path::new("assets/package-lock.json"))?;
    if fs::read_to_string(stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(Command::new(npm).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir("assets"))?;
    write(stamp, &lock)
}

fn run(command: &mut Command) -> Outcome<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("`{name}` does not start ({e}); the pages cannot be built. {REMEDY}"))?;
    if done.status.success() {
        return Ok(());
    }
    eprintln!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    Err(format!("{command:?} ended with {}; its own words stand below", done.status))
}

/// `FILES`, sorted by the name that is served, and `NAMES`, from the name that templates use to that one.
fn asset_tables(folder: &Path) -> Outcome<String> {
    let manifest = read(&folder.join("manifest.tsv"))?;
    let mut entries = Vec::new();
    for line in manifest.lines() {
        let [logical, file, media_type] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("{}: not a line of the manifest: {line}", folder.display()));
        };
        entries.push((logical, file, media_type));
    }

    let mut names = String::new();
    for (logical, file, _) in &entries {
        let _ = writeln!(names, "    ({logical:?}, {file:?}),");
    }
    entries.sort_by_key(|&(_, file, _)| file);
    let mut files = String::new();
    for (_, file, media_type) in &entries {
        let path = literal(&folder.join(file));
        let packed = |ending: &str| {
            let packed = folder.join(format!("{file}.{ending}"));
            if packed.exists() {
                format!("Some(include_bytes!({}))", literal(&packed))
            } else {
                "None".to_owned()
            }
        };
        let (br, gz) = (packed("br"), packed("gz"));
        let _ = writeln!(
            files,
            "    File {{ name: {file:?}, media_type: {media_type:?}, plain: include_bytes!({path}), br: {br}, gz: {gz} }},"
        );
    }
    Ok(format!("static FILES: &[File] = &[\n{files}];\nstatic NAMES: &[(&str, &str)] = &[\n{names}];\n"))
}

/// `FONT_FILES`: what documents are set in.
fn font_table(folder: &Path) -> Outcome<String> {
    let rows: String =
        files_in(folder)?.iter().map(|path| format!("    include_bytes!({}),\n", literal(path))).collect();
    Ok(format!("static FONT_FILES: &[&[u8]] = &[\n{rows}];\n"))
}

/// `TEMPLATES`, sorted: each file of the folder under its path from there. `include_str!` makes rustc watch the contents.
fn template_table(folder: &Path) -> Outcome<String> {
    let root = folder.canonicalize().map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut templates = Vec::new();
    for path in files_in(&root)? {
        let name = path.strip_prefix(&root).map_err(|e| e.to_string())?.to_string_lossy().replace('\\', "/");
        templates.push((name, path));
    }
    templates.sort(); // as strings: paths sort by component, which is another order
    let mut rows = String::new();
    for (name, path) in &templates {
        let _ = writeln!(rows, "    ({name:?}, include_str!({})),", literal(path));
    }
    Ok(format!("static TEMPLATES: &[(&str, &str)] = &[\n{rows}];\n"))
}

/// The file itself, or every file below the folder, in a fixed order.
fn files_in(path: &Path) -> Outcome<Vec<PathBuf>> {
    let broken = |e: io::Error| format!("{}: {e}", path.display());
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(broken)? {
        files.extend(files_in(&entry.map_err(broken)?.path())?);
    }
    files.sort();
    Ok(files)
}

/// The path as a string literal of Rust.
fn literal(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn variable(name: &str) -> Outcome<String> {
    env::var(name).map_err(|e| format!("{name}: {e}"))
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Leaves an unchanged file alone, so that nothing is compiled again for it.
fn write(path: &Path, content: &str) -> Outcome<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).map_err(|e| format!("{}: {e}", path.display()))
}
