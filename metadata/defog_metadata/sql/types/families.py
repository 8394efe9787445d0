"""Kinds of nodes that every engine gives one and the same type, if not the same as the next one."""

from sqlglot import exp

__all__ = ["MATHEMATICS", "PREDICATES", "RANKS", "REGRESSION", "STATISTICS", "TRIGONOMETRY"]

PREDICATES = (
    exp.Boolean, exp.Connector, exp.Contains, exp.EndsWith, exp.IsInf, exp.IsNan, exp.LogicalAnd,
    exp.LogicalOr, exp.Not, exp.Predicate, exp.StartsWith,
)  # fmt: skip
RANKS = (exp.DenseRank, exp.Rank, exp.RowNumber)
TRIGONOMETRY = (
    exp.Acos, exp.Acosh, exp.Asin, exp.Asinh, exp.Atan, exp.Atan2, exp.Atanh, exp.Cbrt, exp.Cos,
    exp.Cosh, exp.Cot, exp.Degrees, exp.Pi, exp.Radians, exp.Sin, exp.Sinh, exp.Tan, exp.Tanh,
)  # fmt: skip
MATHEMATICS = (exp.Exp, exp.Ln, exp.Sqrt)
STATISTICS = (exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop)
REGRESSION = (
    exp.Corr, exp.CovarPop, exp.CovarSamp, exp.RegrAvgx, exp.RegrAvgy, exp.RegrIntercept,
    exp.RegrR2, exp.RegrSlope, exp.RegrSxx, exp.RegrSxy, exp.RegrSyy,
)  # fmt: skip
