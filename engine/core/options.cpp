#include "core/options.hpp"
