// Our signs: bars that a curve runs over, a barrel of data, machines that answer, and steps. JupyterLab colours what has its class.

const sign = (shapes: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">${shapes}</g></svg>`;

export const RUNS_ICON = sign(
  `<rect x="3" y="15" width="4" height="6" rx="1"/><rect x="10" y="12" width="4" height="9" rx="1"/><rect x="17" y="8" width="4" height="13" rx="1"/><path d="M2.6 11.7 9 7.4l3 2L19.2 3l1.3 1.5-8.4 7.4-3.2-2.1-5.2 3.5z"/>`
);

export const DATA_ICON = sign(
  `<ellipse cx="12" cy="5.5" rx="8" ry="3"/><path d="M4 8.2v3.6c0 1.8 3.6 3 8 3s8-1.2 8-3V8.2c-1.7 1.2-4.6 1.8-8 1.8s-6.3-.6-8-1.8z"/><path d="M4 14.5v3.8c0 1.8 3.6 3 8 3s8-1.2 8-3v-3.8c-1.7 1.2-4.6 1.8-8 1.8s-6.3-.6-8-1.8z"/>`
);

export const SERVICE_ICON = sign(
  `<path d="M4 3h16a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm2 2.5v2h2v-2zm4 0v2h8v-2z"/><path d="M4 12h16a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-6v2h4v1.500H6V21h4v-2H4a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1zm2 2.500v2h2v-2zm4 0v2h8v-2z"/>`
);

export const MODEL_ICON = sign(
  `<path d="M12 2.2 20.5 7 12 11.8 3.5 7z"/><path d="M3 8.8 11.2 13.4v8.4L3 17.2z"/><path d="M21 8.8v8.4l-8.2 4.6v-8.4z"/>`
);

export const SWEEP_ICON = sign(
  `<path d="M3 3h2v18H3zm8 0h2v18h-2zm8 0h2v18h-2z"/><path d="M4.600 6.200l8 8.500 7-9.200 1.600 1.200-8.400 11.200-9.600-10.300zM3.400 17l8.600-9.400 9 6.600-1.200 1.600-7.500-5.500-7.500 8z"/>`
);

export const COMPUTE_ICON = sign(
  `<path d="M6 6h12v12H6zm2.500 2.500v7h7v-7z"/><path d="M8 2h2v3H8zm6 0h2v3h-2zM8 19h2v3H8zm6 0h2v3h-2zM2 8h3v2H2zm0 6h3v2H2zm17-6h3v2h-3zm0 6h3v2h-3z"/>`
);

export const PIPELINE_ICON = sign(
  `<path d="M8 2h8v5h-3v3h6v5h2v7h-8v-7h3.500v-3h-9v3H11v7H3v-7h2v-5h6V7H8z"/>`
);
