// Builds what the browser loads: `node assets/build.mjs OUT_DIR`.
//
// `build.rs` calls this and embeds the result, so nothing built and nothing third-party is committed. Packagers
// run it once themselves and hand the folder over in RISCONTRO_ASSETS.
//
// Every file gets the hash of its content in its name (served as immutable) and, when it is text, a Brotli and a
// gzip copy beside it, made once at the highest quality. `manifest.tsv` lists logical name, file, media type.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import esbuild from 'esbuild';
import { transform } from 'lightningcss';
import * as sass from 'sass';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] && path.resolve(process.argv[2]);
if (!out) {
  console.error('usage: node assets/build.mjs OUT_DIR');
  process.exit(2);
}
const italia = path.join(here, 'node_modules/bootstrap-italia');
const leaflet = path.join(here, 'node_modules/leaflet');
const dejavu = path.join(here, 'node_modules/dejavu-fonts-ttf');

// The oldest browsers served: Debian stable's Chromium of 2023, Firefox ESR 115, Safari 15.4.
const browsers = {
  css: { chrome: 109 << 16, firefox: 115 << 16, safari: (15 << 16) | (4 << 8) },
  js: ['chrome109', 'firefox115', 'safari15.4'],
};

const mediaTypes = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const manifest = new Map();

/** Writes one file under its hashed name and returns that name. */
function publish(logical, content) {
  const bytes = Buffer.from(content);
  const { name, ext } = path.parse(logical);
  const file = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 10)}${ext}`;
  fs.writeFileSync(path.join(out, file), bytes);
  if (ext !== '.woff2') {
    fs.writeFileSync(path.join(out, `${file}.br`), zlib.brotliCompressSync(bytes));
    fs.writeFileSync(path.join(out, `${file}.gz`), zlib.gzipSync(bytes, { level: 9 }));
  }
  manifest.set(logical, `${file}\t${mediaTypes[ext]}`);
  return file;
}

function fonts() {
  const folder = path.join(italia, 'dist/fonts/Titillium_Web');
  const weights = { 400: 'regular', 600: '600', 700: '700' };
  const published = {};
  for (const [weight, name] of Object.entries(weights)) {
    const bytes = fs.readFileSync(path.join(folder, `titillium-web-v10-latin-ext_latin-${name}.woff2`));
    published[weight] = publish(`titillium-${weight}.woff2`, bytes);
  }
  return published;
}

/** Style sheet and fonts are served from one folder, so the font's address is just its file name. */
function styles(sheet, fontFiles) {
  const { css } = sass.compile(path.join(here, `scss/${sheet}.scss`), {
    loadPaths: [path.join(here, 'node_modules')],
    quietDeps: true,
    // Bootstrap Italia 2 is written for the Sass of its time; the pinned version still reads it.
    silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
  });
  const linked = css.replace(/titillium-(\d+)\.woff2/g, (_, weight) => fontFiles[weight]);
  const { code } = transform({
    filename: `${sheet}.css`,
    code: Buffer.from(linked),
    minify: true,
    targets: browsers.css,
  });
  publish(`${sheet}.css`, code);
}

async function script(entry) {
  const built = await esbuild.build({
    entryPoints: [path.join(here, 'js', entry)],
    absWorkingDir: here, // esbuild would keep the folder it was first imported from
    bundle: true,
    format: 'esm',
    minify: true,
    target: browsers.js,
    logLevel: 'warning',
    write: false,
  });
  publish(path.basename(entry), built.outputFiles[0].contents);
}

/** The map's own style, without the pictures of parts that we do not draw. */
function mapStyle() {
  const css = fs.readFileSync(path.join(leaflet, 'dist/leaflet.css'), 'utf8').replace(/url\(images[^)]*\)/g, 'none');
  publish('map.css', transform({ filename: 'map.css', code: Buffer.from(css), minify: true, targets: browsers.css }).code);
}

/** One sprite with only the listed icons: the whole one is 94 KB. */
function icons() {
  const wanted = fs.readFileSync(path.join(here, 'icons.txt'), 'utf8').match(/^it-[a-z0-9-]+$/gm);
  const sprite = fs.readFileSync(path.join(italia, 'dist/svg/sprites.svg'), 'utf8');
  const symbols = wanted.map((name) => {
    const symbol = sprite.match(new RegExp(`<symbol[^>]*\\bid="${name}"[\\s\\S]*?</symbol>`));
    if (!symbol) throw new Error(`icons.txt: Bootstrap Italia has no icon ${name}`);
    return symbol[0];
  });
  publish('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);
  publish('favicon.svg', fs.readFileSync(path.join(here, 'img/favicon.svg')));
}

/** What documents are set in (`src/document`): embedded, never served. Beside our own font one that has nearly every letter. */
function documentFonts() {
  const folder = path.join(out, 'document');
  fs.mkdirSync(folder);
  const titillium = path.join(italia, 'dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin');
  fs.copyFileSync(`${titillium}-regular.ttf`, path.join(folder, 'titillium-400.ttf'));
  fs.copyFileSync(`${titillium}-700.ttf`, path.join(folder, 'titillium-700.ttf'));
  fs.copyFileSync(path.join(dejavu, 'ttf/DejaVuSans.ttf'), path.join(folder, 'dejavu-sans.ttf'));
}

/** The licences that oblige whoever hands out these files to hand out their text too. */
function licences() {
  const parts = [
    ['Bootstrap Italia (style sheet, icons)', path.join(italia, 'LICENSE')],
    ['Titillium Web (font)', path.join(italia, 'dist/fonts/Titillium_Web/OFL.txt')],
    ['Leaflet (map)', path.join(leaflet, 'LICENSE')],
    ['DejaVu Sans (font of documents)', path.join(dejavu, 'LICENSE')],
  ];
  const text = parts.map(([title, file]) => `${title}\n\n${fs.readFileSync(file, 'utf8').trim()}\n`);
  publish('licences.txt', text.join(`\n${'-'.repeat(80)}\n\n`));
}

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
const fontFiles = fonts();
// One for operators, one for citizens, who come by phone and load nothing that is not theirs.
styles('desk', fontFiles);
styles('portal', fontFiles);
// The reference of the API, for those who write apps.
styles('api', fontFiles);
await script('desk.js');
await script('portal.js');
await script('notice.js');
await script('placeholders.js');
// Loaded only by pages that show a map.
await script('portal/map.js');
mapStyle();
icons();
documentFonts();
licences();
const lines = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1)).map((entry) => entry.join('\t'));
fs.writeFileSync(path.join(out, 'manifest.tsv'), `${lines.join('\n')}\n`);
