// What is wrong with a page, as far as a program can tell: axe at two widths, sideways scroll on the narrowest screen, and what
// moves although nothing should.

import { readFileSync } from 'node:fs';
import { require } from './desk.mjs';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const HEIGHT = 900;
export const WIDTHS = [1366, 390];
const NARROWEST = 320;

/** What is wrong with the page that is open. */
export async function flaws(page) {
  const found = [];
  await page.evaluate(AXE);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    const violations = await page.evaluate(async (runOnly) => (await window.axe.run({ runOnly })).violations, TAGS);
    for (const { id, help, nodes } of violations) {
      found.push(`${width} px, ${id}: ${help}\n    ${nodes.map((node) => node.html).join('\n    ')}`);
    }
  }
  await page.setViewportSize({ width: NARROWEST, height: HEIGHT });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (beyond > 0) found.push(`${NARROWEST} px: ${beyond} px stand out at the side`);
  const moving = await page.evaluate(moves);
  if (moving.length > 0) found.push(`moves, although less motion is asked for: ${moving.join()}`);
  await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
  return found;
}

/** Runs in the page: elements that take longer than an instant to change, for who has asked for less motion. */
function moves() {
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) return [];
  const slow = (durations) => durations.split(',').some((duration) => parseFloat(duration) > 0.01);
  return [...document.querySelectorAll('*')]
    .filter((element) => {
      const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element);
      return slow(transitionDuration) || slow(animationDuration) || scrollBehavior === 'smooth';
    })
    .map((element) => `${element.localName}.${element.className}`);
}

/** For a person to look at: SHOTS is a folder. */
export async function picture(page, name) {
  if (!process.env.SHOTS) return;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    await page.screenshot({ path: `${process.env.SHOTS}/${name.replace(/\W+/g, '-')}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
}
