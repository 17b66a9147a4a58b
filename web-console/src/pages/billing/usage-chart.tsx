import 'uplot/dist/uPlot.min.css';

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

import { formatNumber } from '../../design/format';
import { formatDay } from './names';
import type { ChargedMeter } from './usage';

const HEIGHT = 240;

/** A colour of the design as a canvas takes it: in the element's own light or dark. */
function colorOf(element: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function optionsFor(element: HTMLElement, meter: ChargedMeter): uPlot.Options {
  const axis = { stroke: colorOf(element, '--muted'), grid: { stroke: colorOf(element, '--line'), width: 1 } };
  const { periods } = meter;
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      // Half a bar of room at both ends.
      x: { time: false, range: [-0.6, Math.max(periods.length, 1) - 0.4] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        splits: () => periods.map((_, index) => index),
        values: (chart, indexes) => {
          // As many names as there is room for, always the latest.
          const every = Math.ceil((periods.length * 100) / chart.width);
          return indexes.map((index) =>
            (periods.length - 1 - index) % every === 0 ? formatDay(periods[index]?.start ?? '') : '',
          );
        },
      },
      { ...axis, size: 64, values: (_, splits) => splits.map((value) => formatNumber(value)) },
    ],
    series: [
      {},
      {
        label: meter.code,
        fill: colorOf(element, '--accent'),
        stroke: colorOf(element, '--accent'),
        points: { show: false },
        ...(uPlot.paths.bars === undefined ? {} : { paths: uPlot.paths.bars({ size: [0.6, 72] }) }),
      },
    ],
  };
}

/** Bars by period. The table below it says the same in words and digits. */
export function UsageChart({ meter }: { meter: ChargedMeter }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let chart: uPlot | null = null;
    const draw = () => {
      chart?.destroy();
      const quantities = meter.periods.map(({ quantity }) => quantity);
      chart = new uPlot(optionsFor(element, meter), [quantities.map((_, index) => index), quantities], element);
    };
    draw();
    let width = element.clientWidth;
    const resized = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      draw();
    });
    resized.observe(element);
    const colors = matchMedia('(prefers-color-scheme: dark)');
    colors.addEventListener('change', draw);
    const chosen = new MutationObserver(draw);
    chosen.observe(document.documentElement, { attributes: true });
    return () => {
      resized.disconnect();
      chosen.disconnect();
      colors.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [meter]);
  return <div ref={frame} className="billing-chart" role="img" aria-label={`Charged usage of ${meter.code} by period`} />;
}
