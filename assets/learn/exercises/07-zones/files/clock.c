/* Prints what the clock on a wall shows when the kernel's clock says 2026-01-01 00:00 UTC. */
#include <stdio.h>
#include <time.h>

int main(void)
{
    const time_t moment = 1767225600;
    char text[64];
    strftime(text, sizeof text, "%Y-%m-%d %H:%M, %z from UTC", localtime(&moment));
    return puts(text) < 0;
}
