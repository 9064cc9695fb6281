// What is wrong with a page, as far as a program can tell: axe at two widths, and sideways scroll on the narrowest screen.

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
  await page.setViewportSize({ width: WIDTHS[0], height: HEIGHT });
  return found;
}
