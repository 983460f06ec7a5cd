/* Prints a greeting, and needs nothing but the kernel once it is compiled with -static. */
#include <unistd.h>

static const char greeting[] = "Hello from a small program!\n";

int main(void)
{
    const ssize_t length = sizeof greeting - 1;
    return write(STDOUT_FILENO, greeting, length) == length ? 0 : 1;
}
