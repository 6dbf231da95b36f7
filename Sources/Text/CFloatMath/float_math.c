// Everything is inlined from the header; a target needs a file to compile.
#include "CFloatMath.h"
