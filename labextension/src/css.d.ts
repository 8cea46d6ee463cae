// A screen imports its style sheet, which comes with its code.
declare module '*.css';
