#include "core/compose.hpp"
