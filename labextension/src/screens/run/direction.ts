// Whether more of a metric is better, by the words of its name; the rule is that of `aml_magics/views/chart/direction.py`.
const LOWER = /^(?:loss|error|err|rmse|mse|mae|mape|rmsle|perplexity|logloss)$/;
const HIGHER = /^(?:accuracy|acc|auc|auroc|f1|r2|score|precision|recall)$/;
const WORD = /[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+/g;

export function directionOf(name: string): 'higher' | 'lower' | null {
  const words = (name.match(WORD) ?? []).map(word => word.toLowerCase());
  const isLower = words.some(word => LOWER.test(word));
  if (isLower === words.some(word => HIGHER.test(word))) {
    return null;
  }
  return isLower !== words.includes('neg') ? 'lower' : 'higher';
}
