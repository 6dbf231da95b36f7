// The functions of libm that Swift's standard library lacks, for modules that may not import the C library.
#ifndef OUTRIDER_FLOAT_MATH_H
#define OUTRIDER_FLOAT_MATH_H

#include <math.h>

#define OUTRIDER_UNARY(name) \
    static inline double outrider_##name(double x) { return name(x); }
#define OUTRIDER_BINARY(name) \
    static inline double outrider_##name(double x, double y) { return name(x, y); }

OUTRIDER_UNARY(sin)
OUTRIDER_UNARY(cos)
OUTRIDER_UNARY(tan)
OUTRIDER_UNARY(asin)
OUTRIDER_UNARY(acos)
OUTRIDER_UNARY(atan)
OUTRIDER_UNARY(sinh)
OUTRIDER_UNARY(cosh)
OUTRIDER_UNARY(tanh)
OUTRIDER_UNARY(asinh)
OUTRIDER_UNARY(acosh)
OUTRIDER_UNARY(atanh)
OUTRIDER_UNARY(exp)
OUTRIDER_UNARY(log)
OUTRIDER_UNARY(log2)
OUTRIDER_UNARY(log10)
OUTRIDER_BINARY(pow)
OUTRIDER_BINARY(fmod)
OUTRIDER_BINARY(atan2)

#undef OUTRIDER_UNARY
#undef OUTRIDER_BINARY

#endif
