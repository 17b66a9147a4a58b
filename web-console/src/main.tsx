import './design/design.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/app';
import { applyTheme } from './app/theme';

applyTheme();

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has a place for the console');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
