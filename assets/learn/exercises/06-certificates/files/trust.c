/* Counts the certificates that a program in this image can trust; without any, https can't work. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    const char *path = getenv("SSL_CERT_FILE");
    if (path == NULL)
        path = "/etc/ssl/certs/ca-certificates.crt";
    FILE *file = fopen(path, "r");
    char line[4096];
    int count = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        count += strncmp(line, "-----BEGIN CERTIFICATE-----", 27) == 0;
    if (count == 0)
        printf("No certificate in %s: every https connection would fail.\n", path);
    else
        printf("%d certificates to trust.\n", count);
    return count == 0;
}
