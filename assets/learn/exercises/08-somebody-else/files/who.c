/* Prints the number of the user that it runs as. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    return printf("I am user %d.\n", (int)getuid()) < 0;
}
