/* Greets everybody who is named on its command line. */
#include <stdio.h>

int main(int count, char **words)
{
    for (int i = 1; i < count; i++)
        printf("Hello, %s!\n", words[i]);
    if (count == 1)
        puts("There is nobody to greet.");
    return 0;
}
