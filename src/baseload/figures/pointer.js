// Values under the pointer, read back from the figures' own paths; pointer.py says what the data- attributes hold.
(() => {
const {abs, min, max, floor, log10, round, ceil} = Math, doc = document, tallOf = svg => parseInt(svg.dataset.c) || 0, box = doc.createElement('output'), guide = doc.createElementNS('http://www.w3.org/2000/svg', 'path');
box.className = 'read';
// Who hears the page is told by the figure itself, as a slider.
box.ariaHidden = true;
guide.setAttribute('class', 'guide');
let shown;

const split = words => { const [a, b] = words.split('|'); return [...a.split(' '), b ? '\u00a0' + b : '']; };
const chartOf = e => e.target.closest('.chart[tabindex]');
const plain = (v, d) => v.toLocaleString('en', {minimumFractionDigits: d, maximumFractionDigits: d}).replace('-', '−');
const rowsOf = svg => [...svg.querySelectorAll('[data-t]')];

// Heights of a path at x. Corners are rounded to tenths: near one, its own height counts.
const heights = (path, x) => {
  const ys = [];
  let a, b;
  for (const [, c, rest] of path.getAttribute('d').matchAll(/([Mlhv])([^a-z]+)/gi))
    for (const n = rest.match(/-?\d*\.?\d+/g).map(Number); n[0] != null;) {
      const p = a, q = b;
      if (c == 'M') { [a, b] = n.splice(0, 2); continue; }
      if (c != 'v') a += n.shift();
      if (c != 'h') b += n.shift();
      if (min(a, p) < x + .06 && max(a, p) > x - .06) ys.push(abs(a - x) < .06 ? b : abs(p - x) < .06 ? q : q + (b - q) * (x - p) / (a - p));
    }
  return ys;
};

const values = (svg, x) => {
  const [bottom, top, low, high, log, d, off, unit] = split(svg.dataset.y), lines = [], areas = [];
  const at = y => { const part = (bottom - y) / (bottom - top); return +log ? low * (high / low) ** part : +low + part * (high - low); };
  const put = v => {
    const e = +log ? floor(log10(v)) + 1 - d : -d;
    return +log && (v < 1e-3 || v >= 1e7) ? v.toExponential(d - 1).replace(/e\+?/, '×10^') : plain(round(v / 10 ** e) * 10 ** e || 0, max(0, -e));
  };
  for (const path of svg.querySelectorAll('[data-n]')) {
    const ys = heights(path, x).map(at), is = name => path.classList.contains(name), lo = min(...ys), hi = max(...ys);
    if (ys.length) (is('line') ? lines : areas).push(`\n${path.dataset.n}: ${is('line') ? put(hi) : is('solid') ? put(lo + hi < 0 ? lo - hi : hi - lo) : put(lo) + ' to ' + put(hi)}${unit}`);
  }
  return lines.concat(areas.reverse()).join('') + '\nread to ± ' + off;
};

// The class of a cell, from the picture itself: half a byte each, stored as it is.
const cell = (svg, i, row) => {
  const [tall, low, high, d, after, unit] = split(svg.dataset.c), png = atob(svg.querySelector('image').href.baseVal.split(',')[1]);
  const byte = png.charCodeAt(png.indexOf('IDAT') + 12 + (tall - 1 - row) * (ceil(xOf(svg).n / 2) + 1) + (i >> 1));
  const k = i & 1 ? byte & 15 : byte >> 4, edge = k => plain(+low + (high - low) * k / 15, d);
  return `, ${row}${after}\n` + (k > 14 ? 'no value' : edge(k) + ' to ' + edge(k + 1) + unit);
};

// Where places lie, and what is said of one.
const xOf = svg => {
  const [kind, on, d, from, step, n, left, right, low, high, unit] = split(svg.dataset.x), [year, month, date] = from.split('-');
  const at = i => kind == 'm' ? Date.UTC(year, month - 1 + i * step, date || 1) / 864e5 : +from + i * step, number = i => plain(at(i), d);
  const px = i => +left + (at(i) * (1 - on) + at(i + 1) * on - low) / (high - low) * (right - left);
  const day = 'numeric', hour = '2-digit', parts = {m: date ? {day} : {}, d: {day}, h: {day, hour, minute: hour}}[kind];
  return {n: +n, px,
    name: i => parts ? new Date(round(at(i) * 24) * 36e5).toLocaleString('en-GB', {timeZone: 'UTC', year: day, month: 'long', ...parts}) : number(i) + (kind == 'b' ? ' to ' + number(i + 1) : '') + unit,
    find: x => [...Array(+n).keys()].reduce((a, b) => abs(px(b) - x) < abs(px(a) - x) ? b : a, 0)};
};

// Of a heat map places are counted column by column, row by row.
const hide = () => { box.remove(); guide.remove(); shown = 0; };
const show = (svg, place) => {
  const x = svg.dataset.x && xOf(svg), tall = tallOf(svg) || 1, i = floor(place / tall), row = rowsOf(svg)[i], width = svg.viewBox.baseVal.width, scale = svg.clientWidth / width;
  const at = x && x.px(i), said = x ? x.name(i) + (svg.dataset.c ? cell(svg, i, place % tall) : values(svg, at)) : row.dataset.t;
  const [low, high] = x ? split(svg.dataset.y) : [0, row.getBBox().y + row.getBBox().height];
  shown = {svg, place};
  box.textContent = said;
  Object.assign(svg, {ariaValueNow: place, ariaValueText: said.replace(/\n/g, '; ')});
  svg.parentNode.append(box);
  guide.remove();
  if (x) { guide.setAttribute('d', `M${at} ${low}V${high}`); svg.append(guide); }
  box.style.left = (x ? max(0, at * scale + (at * 2 > width ? -10 - box.offsetWidth : 10)) : 0) + 'px';
  box.style.top = high * scale + 4 + 'px';
};

for (const svg of doc.querySelectorAll('figure > .chart')) {
  for (const title of svg.querySelectorAll('g > title')) { title.parentNode.dataset.t = title.textContent; title.remove(); }
  const n = svg.dataset.x ? xOf(svg).n * (tallOf(svg) || 1) : rowsOf(svg).length;
  if (n) Object.assign(svg, {tabIndex: 0, role: 'slider', ariaValueMax: n - 1, ariaValueNow: 0});
}
const point = e => {
  const svg = chartOf(e);
  if (!svg) return shown && hide();
  const frame = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / frame.width, {x, y} = svg.dataset, [low, high] = split(y || ''), tall = tallOf(svg);
  const i = x ? xOf(svg).find((e.clientX - frame.left) * scale) : rowsOf(svg).findIndex(row => row.getBoundingClientRect().bottom > e.clientY);
  i < 0 ? hide() : show(svg, tall ? i * tall + max(0, min(tall - 1, floor((low - (e.clientY - frame.top) * scale) / (low - high) * tall))) : i);
};
const on = (what, act) => doc.addEventListener(what, act);
on('pointermove', point);
on('pointerdown', point);
on('focusout', e => shown?.svg == e.target && hide());
on('keydown', e => {
  const svg = chartOf(e), tall = svg && tallOf(svg), down = tall ? -1 : 1;
  const way = {ArrowRight: tall || 1, ArrowLeft: -tall || -1, ArrowUp: -down, ArrowDown: down, Home: -1e9, End: 1e9}[e.key];
  if (e.key == 'Escape') hide();
  if (!svg || !way || e.altKey || e.ctrlKey || e.metaKey) return;
  e.preventDefault();
  show(svg, max(0, min(svg.ariaValueMax, shown?.svg == svg ? shown.place + way : way > 1e8 ? way : 0)));
});
})();
