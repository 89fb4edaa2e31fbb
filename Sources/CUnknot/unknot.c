// The header's functions are written in Swift: UnknotC.
#include "unknot.h"
