#include "core/time.hpp"
