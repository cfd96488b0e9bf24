<?php
// Calls event.offline.get as an installed application does: settings in a file, tokens in a form,
// one refresh at the fixed authorisation host when the portal says expired_token.
// php like_crest.php SETTINGS.json FORM

function post(string $url, string $form): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $form,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FOLLOWLOCATION => true,
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        fwrite(STDERR, curl_error($curl) . "\n");
        exit(1);
    }
    return json_decode($answer, true);
}

function ask(array $settings, string $form): array
{
    return post($settings['client_endpoint'] . 'event.offline.get.json', "$form&auth=" . $settings['access_token']);
}

[, $file, $form] = $argv;
$form = urldecode($form);
$settings = json_decode(file_get_contents($file), true);
$answer = ask($settings, $form);
if (($answer['error'] ?? '') === 'expired_token') {
    $fresh = post('https://oauth.bitrix.info/oauth/token/', http_build_query([
        'client_id' => $settings['client_id'],
        'grant_type' => 'refresh_token',
        'client_secret' => $settings['client_secret'],
        'refresh_token' => $settings['refresh_token'],
    ]));
    $settings = array_merge($settings, $fresh);
    file_put_contents($file, json_encode($settings));
    $answer = ask($settings, $form);
}
echo json_encode($answer), "\n";
