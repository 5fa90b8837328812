/** What a search can go along. By itself, as help loads nothing heavy. */
export const axes = ['kernel', 'docker', 'variant'] as const;

export type AxisName = (typeof axes)[number];
