import 'uplot/dist/uPlot.min.css';
import './chart.css';

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

import { theme } from '../app/theme';
import { useStore } from '../app/store';

export interface Series {
  readonly title: string;
  /** One per time; `null` where nothing was measured. */
  readonly values: readonly (number | null)[];
  /** A colour of design/tokens.css, such as `--accent`. */
  readonly color: `--${string}`;
  /** Bars are for counts, lines for what goes on between two points. */
  readonly look?: 'line' | 'bars';
}

interface Props {
  /** What is drawn, read out instead of the drawing. */
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Seconds before the last time that are drawn; without it, everything. */
  readonly span?: number;
  readonly height?: number;
}

/** Values over time. The numbers themselves should stand somewhere on the page as well. */
export function Chart({ label, times, series, format, span, height = 180 }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ times, series, format });
  latest.current = { times, series, format };
  const colors = useStore(theme);
  // Another number of series, or other names, are another chart; other values are not.
  const shape = series.map(({ title, color, look }) => `${title} ${color} ${look ?? 'line'}`).join('\n');

  useEffect(() => {
    const { current: element } = place;
    if (element === null) return undefined;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element, latest.current, span, height), points(latest.current), element);
    };
    draw();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', draw);
    return () => {
      system.removeEventListener('change', draw);
      resized.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape, span, height, colors]);

  useEffect(() => {
    plot.current?.setData(points({ times, series }));
  }, [times, series]);

  return <div className="chart" ref={place} role="img" aria-label={label} style={{ minHeight: height }} />;
}

function points({ times, series }: Pick<Props, 'times' | 'series'>): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])];
}

function options(
  element: HTMLElement,
  { series, format }: Pick<Props, 'series' | 'format'>,
  span: number | undefined,
  height: number,
): uPlot.Options {
  const color = resolver(element);
  const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
  const shown = (value: number | null) => (value === null ? '–' : format(value));
  return {
    width: element.clientWidth,
    height,
    // Room for half of the last time, which stands below the end of the axis.
    padding: [null, 30, null, null],
    cursor: { drag: { x: false, y: false } },
    scales: {
      ...(span === undefined ? {} : { x: { range: (plot) => last(plot, span) } }),
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] },
    },
    axes: [
      { ...axis, size: 32, values: clock, space: 70 },
      { ...axis, size: 64, values: (_, splits) => splits.map(shown) },
    ],
    series: [
      { label: 'Time', value: (_, at) => (at === null ? '–' : TIME.format(at * 1000)) },
      ...series.map(({ title, color: name, look }): uPlot.Series => {
        const stroke = color(name);
        const bars = look === 'bars' ? uPlot.paths.bars?.({ size: [0.8, 24] }) : undefined;
        return {
          label: title,
          stroke,
          width: 1.5,
          // A line needs two values beside each other; one alone would not be seen.
          points: { show: bars === undefined, size: 4, fill: stroke, filter: alone },
          value: (_, value) => shown(value),
          ...(bars === undefined ? {} : { paths: bars, fill: stroke }),
        };
      }),
    ],
  };
}

function last(plot: uPlot, span: number): uPlot.Range.MinMax {
  const end = plot.data[0].at(-1) ?? Date.now() / 1000;
  return [end - span, end];
}

/** Which values have no neighbour that a line could lead to. */
const alone: uPlot.Series.Points.Filter = (plot, series) => {
  const values = plot.data[series] ?? [];
  const isGap = (index: number) => values[index] === null || values[index] === undefined;
  return Array.from(values.keys()).filter((index) => !isGap(index) && isGap(index - 1) && isGap(index + 1));
};

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

function clock(_: uPlot, splits: number[], __: number, ___: number, seconds: number): string[] {
  const format = seconds >= 86_400 ? DATE : seconds >= 60 ? CLOCK : TIME;
  return splits.map((at) => format.format(at * 1000));
}

/** A canvas knows no custom properties: an element is asked what they are in its colours. */
function resolver(element: HTMLElement): (name: string) => string {
  const probe = document.createElement('span');
  return (name) => {
    probe.style.color = `var(${name})`;
    element.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
}
