// The published reports on a map, beside the list that says the same. Loaded where there is a map and something to show on it.

export async function showReports() {
  const box = document.querySelector('[data-reports]');
  if (!box) return;
  try {
    const answer = await fetch(box.dataset.reports, { headers: { accept: 'application/json' } });
    const reports = answer.ok ? await answer.json() : [];
    if (!reports.length) return;
    const style = document.createElement('link');
    Object.assign(style, { rel: 'stylesheet', href: box.dataset.style });
    document.head.append(style);
    const { pin } = await import(box.dataset.script);
    box.hidden = false;
    pin(box, reports);
  } catch {
    box.hidden = true;
  }
}
