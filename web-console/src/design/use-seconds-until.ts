import { useEffect, useState } from 'react';

/** Counts down to a time, in milliseconds since 1970, by the clock: a tab that slept is right at once. */
export function useSecondsUntil(time: number): number {
  const left = () => Math.max(0, Math.round((time - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => setSeconds(left()), 1000);
    return () => clearInterval(timer);
    // `left` reads the clock; the time that it counts to is what matters.
  }, [time]);
  return seconds;
}
