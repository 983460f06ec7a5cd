/* A program that needs nothing but the Linux kernel once it is compiled with -static. */
#include <unistd.h>

static const char greeting[] =
    "Hello from your own base image!\n"
    "This program is all there is in it: no shell, no libc.so, no distribution.\n"
    "FROM scratch began with an empty image, ADD put it in, and CMD started it.\n";

int main(void)
{
    const ssize_t length = sizeof greeting - 1;
    return write(STDOUT_FILENO, greeting, length) == length ? 0 : 1;
}
